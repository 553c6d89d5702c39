namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    protected override SystemReply PublishCodeCore(nuint address, nuint byteCount)
    {
        CountCall();
        return _system.FlushInstructionCache(address, byteCount)
            ? SystemReply.Success
            : Refusal(SystemOperation.PublishCode, address, byteCount, LastError());
    }
}

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    protected override SystemReply PublishCodeCore(nuint address, nuint byteCount)
    {
        CountCall();
        return Objects.WindowsFiles.FlushInstructionCache(ThisProcess, address, byteCount) != 0
            ? SystemReply.Success
            : Refusal(SystemOperation.PublishCode, address, byteCount, LastError());
    }
}

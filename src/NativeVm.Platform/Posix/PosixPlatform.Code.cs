using System.Runtime.InteropServices;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply PublishCodeCore(nuint address, nuint byteCount)
    {
        if (_binding.Architecture is Architecture.X64 or Architecture.X86)
        {
            return SystemReply.Success;
        }

        try
        {
            _binding.Publish(address, byteCount);
            return SystemReply.Success;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return Refused(
                SystemOperation.PublishCode,
                address,
                byteCount,
                RefusalReason.NotSupported,
                ErrorNumbers.NotSupported);
        }
    }
}

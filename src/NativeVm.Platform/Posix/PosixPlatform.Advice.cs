using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply AdviseCore(nuint address, nuint byteCount, PageAdvice advice) =>
        Supports(advice)
            ? Reply(SystemOperation.Advise, address, byteCount, _binding.Advise(address, byteCount, advice))
            : Refused(
                SystemOperation.Advise, address, byteCount, RefusalReason.NotSupported, ErrorNumbers.NotSupported);
}

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply InstallGuardCore(nuint address, nuint byteCount)
    {
        int error;
        if (Supports(PlatformCapabilities.GuardRegions))
        {
            error = _binding.InstallGuard(address, byteCount);
            if (error == 0)
            {
                return SystemReply.Success;
            }

            // It goes page by page, and what it did before it failed is taken back.
            SystemReply reply = Reply(SystemOperation.InstallGuard, address, byteCount, error);
            _ = _binding.RemoveGuard(address, byteCount);
            return reply;
        }

        // The pages go first: once nothing may be accessed, nobody knows what was allowed before.
        error = _binding.Purge(address, byteCount);
        error = error != 0 ? error : _binding.Protect(address, byteCount, PageProtection.None);
        return Reply(SystemOperation.InstallGuard, address, byteCount, error);
    }

    /// <inheritdoc/>
    protected override SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection) =>
        Supports(PlatformCapabilities.GuardRegions)
            ? Reply(SystemOperation.RemoveGuard, address, byteCount, _binding.RemoveGuard(address, byteCount))
            : Reply(
                SystemOperation.RemoveGuard,
                address,
                byteCount,
                _binding.Protect(address, byteCount, protection),
                protection);
}

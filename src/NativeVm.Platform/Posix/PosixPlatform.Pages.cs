using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply CommitCore(nuint address, nuint byteCount, PageProtection protection) =>
        Reply(
            SystemOperation.Commit, address, byteCount, _binding.Protect(address, byteCount, protection), protection);

    /// <inheritdoc/>
    protected override SystemReply ProtectCore(nuint address, nuint byteCount, PageProtection protection) =>
        Reply(
            SystemOperation.Protect, address, byteCount, _binding.Protect(address, byteCount, protection), protection);

    /// <inheritdoc/>
    protected override SystemReply DecommitCore(nuint address, nuint byteCount, RangeTraits traits)
    {
        int error = _binding.MapOver(address, byteCount);
        if (error != 0)
        {
            return DecommitInPlace(address, byteCount, error);
        }

        AdviseAgain(address, byteCount, traits);
        return SystemReply.Success;
    }

    /// <inheritdoc/>
    protected override SystemReply PurgeCore(nuint address, nuint byteCount) =>
        Reply(SystemOperation.Purge, address, byteCount, _binding.Purge(address, byteCount));

    /// <summary>
    /// What is left when the system will not map anew, as at the cap on mappings, which it checks before it looks
    /// whether a mapping would be added. The protection goes first, because it can be refused; the pages go second,
    /// because that cannot, but for locked ones, and those can be unlocked once they are a mapping of their own. So a
    /// refusal leaves the contents as they were. The advice has stayed where it was.
    /// </summary>
    private SystemReply DecommitInPlace(nuint address, nuint byteCount, int firstError)
    {
        if (Supports(PlatformCapabilities.PurgeReadsZero)
            && ErrorNumbers.Classify(firstError) is PosixError.NoMemory or PosixError.Again
            && _binding.Protect(address, byteCount, PageProtection.None) == 0)
        {
            int error = _binding.Purge(address, byteCount);
            if (ErrorNumbers.Classify(error) == PosixError.Invalid && _binding.Unlock(address, byteCount) == 0)
            {
                error = _binding.Purge(address, byteCount);
            }

            return Reply(SystemOperation.Decommit, address, byteCount, error);
        }

        return Reply(SystemOperation.Decommit, address, byteCount, firstError);
    }
}

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

        // The pages are gone by now, so an advice that the system refuses does not make the decommit fail: what
        // is lost is that the range merges with its neighbours.
        if ((traits & RangeTraits.ExcludedFromCoreDumps) != 0 && Supports(PageAdvice.ExcludeFromCoreDumps))
        {
            _ = _binding.Advise(address, byteCount, PageAdvice.ExcludeFromCoreDumps);
        }

        if ((traits & RangeTraits.HugePages) != 0 && Supports(PageAdvice.HugePages))
        {
            _ = _binding.Advise(address, byteCount, PageAdvice.HugePages);
        }

        if ((traits & RangeTraits.ExcludedFromFork) != 0 && Supports(PageAdvice.ExcludeFromFork))
        {
            _ = _binding.Advise(address, byteCount, PageAdvice.ExcludeFromFork);
        }

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
        if (Capabilities.HasFlag(PlatformCapabilities.PurgeReadsZero)
            && ErrorNumbers.Classify(firstError) == PosixError.NoMemory
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

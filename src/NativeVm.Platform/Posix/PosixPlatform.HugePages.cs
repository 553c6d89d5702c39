using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    /// <remarks>
    /// Mapped elsewhere first, which is where a shortage shows, and then moved onto the range: the one order in which
    /// nothing is lost when there are no pages.
    /// </remarks>
    protected override SystemReply CommitHugePagesCore(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits)
    {
        int error = ErrorNumbers.NotSupported;
        if (HugePageSize != 0)
        {
            error = _binding.MapHuge(byteCount, HugePageSize, protection, out nuint elsewhere);
            error = error != 0 ? error : MoveInto(elsewhere, byteCount, address);
        }

        if (error == 0)
        {
            AdviseAgain(address, byteCount, traits);
            return SystemReply.Success;
        }

        RefusalReason reason = ErrorNumbers.Classify(error) switch
        {
            PosixError.NoMemory => HugeShortage(byteCount),
            PosixError.NotPermitted or PosixError.AccessDenied => RefusalReason.AccessDenied,
            PosixError.Invalid or PosixError.NotSupported or PosixError.NotAFile => RefusalReason.NotSupported,
            _ => RefusalReason.Other,
        };
        return Refused(SystemOperation.CommitHugePages, address, byteCount, reason, error);
    }

    // A Linux before 5.16 cannot move huge pages, and finds that out after it has taken out what is at the target.
    private int MoveInto(nuint from, nuint byteCount, nuint address)
    {
        int error = _binding.Move(from, byteCount, address);
        if (error != 0)
        {
            _ = _binding.Unmap(from, byteCount);
            RestoreReservation(address, byteCount);
        }

        return error;
    }

    private RefusalReason HugeShortage(nuint byteCount)
    {
        RefusalReason reason = Shortage(SystemOperation.Reserve, 0, byteCount, PageProtection.None);
        return reason == RefusalReason.NoAddressSpace ? RefusalReason.NoHugePages : reason;
    }

    private bool HasExplicitHugePages() =>
        HugePageSize != 0
        && _binding.MapHuge(HugePageSize, HugePageSize, PageProtection.ReadWrite, out nuint page) == 0
        && _binding.Unmap(page, HugePageSize) == 0;
}

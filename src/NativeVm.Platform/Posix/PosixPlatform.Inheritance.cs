using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    /// <remarks>
    /// The systems with <c>minherit</c> give any mapping any inheritance. Linux can only leave a range out; what it does
    /// not leave out is inherited by its nature.
    /// </remarks>
    public override bool Supports(PageInheritance inheritance, MappingSharing sharing) =>
        HasInheritance(inheritance)
        && (!IsLinux
            || inheritance == PageInheritance.None
            || (inheritance == PageInheritance.Share) == (sharing == MappingSharing.Shared));

    /// <inheritdoc/>
    protected override SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing) =>
        Supports(inheritance, sharing)
            ? Reply(SystemOperation.SetInheritance, address, byteCount, Inherit(address, byteCount, inheritance))
            : Refused(
                SystemOperation.SetInheritance,
                address,
                byteCount,
                RefusalReason.NotSupported,
                ErrorNumbers.NotSupported);

    private bool HasInheritance(PageInheritance inheritance) =>
        inheritance <= PageInheritance.None
        && (!IsLinux || Supports(PageAdvice.ExcludeFromFork));

    private int Inherit(nuint address, nuint byteCount, PageInheritance inheritance) =>
        !IsLinux ? _binding.Inherit(address, byteCount, inheritance)
        : _binding.Advise(
            address,
            byteCount,
            inheritance == PageInheritance.None ? PageAdvice.ExcludeFromFork : PageAdvice.IncludeInFork);
}

namespace NativeVm.Platform;

/// <summary>
/// A run of pages that the system treats alike: a mapping of <c>/proc/self/maps</c>, a region of
/// <c>VirtualQuery</c>, or a hole between two.
/// </summary>
/// <param name="Address">First byte, a multiple of the page size.</param>
/// <param name="ByteCount">Length in bytes, a multiple of the page size; never 0.</param>
/// <param name="State">Free, reserved or committed. A POSIX mapping without any access counts as reserved.</param>
/// <param name="Protection">What may be done to the pages; <see cref="PageProtection.None"/> unless committed.</param>
public readonly record struct RegionInfo(nuint Address, nuint ByteCount, PageState State, PageProtection Protection)
{
    /// <summary>The first address after the region.</summary>
    public nuint End => Address + ByteCount;
}

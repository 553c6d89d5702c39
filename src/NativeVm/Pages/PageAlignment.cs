using System.Numerics;

namespace NativeVm.Pages;

/// <summary>What the address of a run is a multiple of, in pages: the least common multiple of a page and what was asked.</summary>
internal readonly struct PageAlignment
{
    private readonly ulong _basePage;

    /// <param name="byteCount">Bytes, not 0.</param>
    /// <param name="pageShift">The page size as a power of two.</param>
    /// <param name="basePage">The page of the address space that page 0 of the page map is.</param>
    public PageAlignment(nuint byteCount, int pageShift, ulong basePage)
    {
        _basePage = basePage;
        PageCount = byteCount >> Math.Min(pageShift, BitOperations.TrailingZeroCount(byteCount));
    }

    /// <summary>Pages; 1 when any page will do.</summary>
    public ulong PageCount { get; }

    /// <summary>The first page at or above one whose address is such a multiple, or the last page number if there is none.</summary>
    public ulong AlignUp(ulong page)
    {
        ulong past = PageCount == 1 ? 0 : (_basePage + page) % PageCount;
        return past == 0 ? page : PageCount - past > ulong.MaxValue - page ? ulong.MaxValue : page + (PageCount - past);
    }
}

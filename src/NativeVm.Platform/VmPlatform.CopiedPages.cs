namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    private const int PagesPerWord = 64;

    /// <summary>
    /// Finds out which pages of a copy-on-write mapping of an object are copies, because they have been written:
    /// <c>/proc/self/pagemap</c>.
    /// </summary>
    /// <param name="address">Start of the range, all of it in copy-on-write mappings of objects.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="copies">
    /// One bit a page, the lowest bit of the first word for the first page; at least as many as there are pages. The
    /// bits of the last word that are no page's become 0. Undefined when refused.
    /// </param>
    /// <returns>
    /// Success, or a refusal, which is <see cref="RefusalReason.NotSupported"/> where the system does not tell; whoever
    /// needs to know then compares the contents.
    /// </returns>
    /// <remarks>A page that is written meanwhile may be told either way. Linux tells; no other system is asked yet.</remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or there are too few bits.</exception>
    public SystemReply QueryCopiedPages(nuint address, nuint byteCount, Span<ulong> copies)
    {
        RequireRange(address, byteCount);
        nuint words = ((byteCount / PageSize) + (PagesPerWord - 1)) / PagesPerWord;
        if (words > (nuint)copies.Length)
        {
            throw new ArgumentException($"The range needs {words} words of bits.", nameof(copies));
        }

        copies = copies[..(int)words];
        copies.Clear();
        return QueryCopiedPagesCore(address, byteCount, copies);
    }

    /// <summary>
    /// Implements <see cref="QueryCopiedPages"/>; the arguments have been checked, the bits are 0 and exactly as many words
    /// as are needed. Refuses by default.
    /// </summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="copies">One bit a page.</param>
    protected virtual SystemReply QueryCopiedPagesCore(nuint address, nuint byteCount, Span<ulong> copies)
    {
        const int ErrorNotSupported = 50;
        return SystemReply.Refused(
            SystemOperation.QueryCopiedPages,
            address,
            byteCount,
            RefusalReason.NotSupported,
            ErrorDomain.Win32,
            ErrorNotSupported);
    }
}

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>
/// A map in which every gap but the last looks as if it would do: used pages in front of gaps of equal length, at
/// multiples of a period.
/// </summary>
/// <param name="Period">From one used page to the next.</param>
/// <param name="PageCount">The length that is searched for.</param>
/// <param name="Alignment">The alignment that is searched for.</param>
internal readonly record struct AdversarialCase(ulong Period, ulong PageCount, ulong Alignment)
{
    /// <summary>The gaps are one page short.</summary>
    public static AdversarialCase OneShort => new(9, 9, 1);

    /// <summary>The gaps are long enough and begin right above a multiple of the alignment, which is used.</summary>
    public static AdversarialCase Misaligned(ulong alignment)
    {
        // A period that divides the alignment leaves no multiple of it free, and keeps the map small.
        ulong period = alignment > 4096 ? 64 : alignment;
        return new(period, period - 1, alignment);
    }

    /// <summary>Where the map's pages have to begin at a multiple of.</summary>
    public ulong Origin => Math.Max(Period, Alignment);

    /// <summary>Pages that a map of so many entries spans, the last gap included.</summary>
    public ulong SpanPageCount(int live) => (Period * (ulong)live) + (3 * Origin) + PageCount;
}

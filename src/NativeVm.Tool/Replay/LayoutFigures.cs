namespace NativeVm.Tool.Replay;

/// <summary>How mapped ranges lie in the address space.</summary>
/// <param name="SpanByteCount">From the lowest mapped address to the end of the highest.</param>
/// <param name="MappedByteCount">Mapped bytes in the span.</param>
/// <param name="AccessibleByteCount">Mapped bytes that have a protection, and so memory behind them.</param>
/// <param name="LargestGapByteCount">The longest run of the span that the replay has not mapped.</param>
/// <param name="RangeCount">Mapped ranges.</param>
internal readonly record struct LayoutFigures(
    nuint SpanByteCount,
    nuint MappedByteCount,
    nuint AccessibleByteCount,
    nuint LargestGapByteCount,
    int RangeCount)
{
    /// <summary>Bytes of the span that the replay has not mapped.</summary>
    public nuint FreeByteCount => SpanByteCount - MappedByteCount;

    /// <summary>
    /// How much of the free space in the span lies outside its largest gap: 0 when all of it is one gap or there is
    /// none, near 1 when it lies in many small ones.
    /// </summary>
    public double Fragmentation => FreeByteCount == 0 ? 0 : 1 - ((double)LargestGapByteCount / FreeByteCount);

    /// <summary>The figures of a layout.</summary>
    /// <param name="ranges">Ranges that do not overlap, in address order.</param>
    public static LayoutFigures Of(IReadOnlyList<PlacedRange> ranges)
    {
        if (ranges.Count == 0)
        {
            return default;
        }

        nuint mapped = 0;
        nuint accessible = 0;
        nuint largestGap = 0;
        nuint end = ranges[0].Start;
        foreach (PlacedRange range in ranges)
        {
            largestGap = nuint.Max(largestGap, range.Start - end);
            mapped += range.ByteCount;
            accessible += range.Protection == Platform.PageProtection.None ? 0 : range.ByteCount;
            end = range.End;
        }

        return new LayoutFigures(end - ranges[0].Start, mapped, accessible, largestGap, ranges.Count);
    }
}

namespace NativeVm.Platform.Posix.Places;

/// <summary>
/// What a bounded reservation asks for, in whole aligned places: every multiple of the alignment from
/// <see cref="First"/> to <see cref="Last"/>, the nearer to <see cref="Preferred"/> the better.
/// </summary>
internal readonly struct PlaceBounds
{
    private readonly nuint _alignment;
    private readonly nuint _byteCount;

    private PlaceBounds(nuint first, nuint last, nuint preferred, nuint alignment, nuint byteCount)
    {
        First = first;
        Last = last;
        Preferred = preferred;
        _alignment = alignment;
        _byteCount = byteCount;
    }

    /// <summary>The lowest start that is allowed.</summary>
    public nuint First { get; }

    /// <summary>The highest start that is allowed; not below <see cref="First"/>.</summary>
    public nuint Last { get; }

    /// <summary>The start to stay near.</summary>
    public nuint Preferred { get; }

    /// <summary>The starts that lie in <c>[lowest, highest)</c> with their whole length; false when there is none.</summary>
    /// <param name="lowest">The lowest address of any byte.</param>
    /// <param name="highest">The first address above all bytes.</param>
    /// <param name="byteCount">The length.</param>
    /// <param name="alignment">A power of two.</param>
    /// <param name="preferred">The start to stay near; it is brought into the bounds and aligned.</param>
    /// <param name="bounds">The bounds.</param>
    public static bool TryCreate(
        nuint lowest, nuint highest, nuint byteCount, nuint alignment, nuint preferred, out PlaceBounds bounds)
    {
        bounds = default;
        if (!TryAlign(lowest, highest, byteCount, alignment, out nuint first, out nuint last))
        {
            return false;
        }

        bounds = new(first, last, nuint.Clamp(preferred & ~(alignment - 1), first, last), alignment, byteCount);
        return true;
    }

    /// <summary>The best start in a gap; false when none fits.</summary>
    /// <param name="start">The first byte of the gap.</param>
    /// <param name="end">The first byte after the gap.</param>
    /// <param name="address">The start nearest to <see cref="Preferred"/>.</param>
    public bool TryPlace(nuint start, nuint end, out nuint address)
    {
        address = 0;
        if (end <= start || !TryAlign(start, end, _byteCount, _alignment, out nuint first, out nuint last))
        {
            return false;
        }

        first = nuint.Max(first, First);
        last = nuint.Min(last, Last);
        if (first > last)
        {
            return false;
        }

        address = nuint.Clamp(Preferred, first, last);
        return true;
    }

    /// <summary>Whether a start is one of those allowed.</summary>
    public bool Contains(nuint address) => address >= First && address <= Last && (address & (_alignment - 1)) == 0;

    /// <summary>How far a start is from the preferred one.</summary>
    public nuint Distance(nuint address) => address > Preferred ? address - Preferred : Preferred - address;

    private static bool TryAlign(
        nuint lowest, nuint highest, nuint byteCount, nuint alignment, out nuint first, out nuint last)
    {
        nuint mask = alignment - 1;
        first = last = 0;
        if (byteCount > highest || highest - byteCount < lowest || lowest > nuint.MaxValue - mask)
        {
            return false;
        }

        first = (lowest + mask) & ~mask;
        last = (highest - byteCount) & ~mask;
        return first <= last;
    }
}

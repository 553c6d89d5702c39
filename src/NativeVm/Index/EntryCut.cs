namespace NativeVm.Index;

/// <summary>The cut of an entry in three, by what every index can do.</summary>
internal static class EntryCut
{
    /// <summary>As <see cref="IEntryIndex.Cut"/>.</summary>
    public static void ByParts(IEntryIndex index, ulong start, ulong from, ulong to, uint flags)
    {
        _ = index.TryGetAtOrBelow(start, out EntryRecord lower);
        EntryRecord middle = lower;
        EntryRecord upper = lower;
        lower.End = middle.Start = from;
        middle.End = upper.Start = to;
        middle.Flags = flags;
        index.Replace(start, lower);
        index.Insert(middle);
        index.Insert(upper);
    }
}

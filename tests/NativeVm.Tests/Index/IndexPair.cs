using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Platform;

namespace NativeVm.Tests.Index;

/// <summary>The tree and the model, given the same operations and compared.</summary>
internal sealed class IndexPair : IDisposable
{
    private readonly Random _random;

    public IndexPair(ulong firstPage, ulong endPage, int seed)
    {
        _random = new Random(seed);
        Tree = new BPlusTreeIndex(VmPlatform.Current, firstPage, endPage) { Patience = 2 };
        Model = new IndexModel(firstPage, endPage);
    }

    public BPlusTreeIndex Tree { get; }

    public IndexModel Model { get; }

    /// <summary>One entry in so many has details, and half of those a growth reserve; 0 for none.</summary>
    public int DetailPeriod { get; init; }

    public void Dispose() => Tree.Dispose();

    public EntryRecord Entry(ulong start, ulong end)
    {
        EntryRecord entry = new()
        {
            Start = start,
            End = end,
            Tag = (ulong)_random.NextInt64(),
            Flags = (uint)_random.Next(1 << 12),
        };
        if (DetailPeriod != 0 && _random.Next(DetailPeriod) == 0)
        {
            entry.Detail.WiredCount = 1;
            entry.Detail.GrowthReserve = _random.Next(2) == 0 ? 0 : (ulong)_random.NextInt64(1, 200);
        }

        return entry;
    }

    public void Insert(ulong start, ulong end)
    {
        EntryRecord entry = Entry(start, end);
        Assert.True(Tree.TryReserve(1));
        Tree.Insert(entry);
        Model.Insert(entry);
    }

    public void RemoveAt(int index)
    {
        Tree.Remove(Model.Entries[index].Start);
        Model.RemoveAt(index);
    }

    public void RemoveRange(int from, int to)
    {
        if (from == to)
        {
            ulong gap = Model.GapStart(from);
            Tree.RemoveRange(gap, Model.GapEnd(from));
            return;
        }

        Tree.RemoveRange(Model.Entries[from].Start, Model.Entries[to - 1].End);
        Model.RemoveRange(from, to);
    }

    /// <summary>Moves the bounds of an entry within the gaps at its sides and gives it other attributes.</summary>
    public void ReplaceAt(int index)
    {
        EntryRecord old = Model.Entries[index];
        ulong lowest = Model.GapStart(index);
        ulong highest = Model.GapEnd(index + 1);
        EntryRecord entry = _random.Next(3) switch
        {
            0 => Entry(old.Start, old.End),
            1 => Entry(Pick(lowest, old.End), old.End),
            _ => Entry(old.Start, Pick(old.Start, highest) + 1),
        };
        Assert.True(Tree.TryReserve(1));
        Tree.Replace(old.Start, entry);
        Model.Replace(index, entry);
    }

    /// <summary>A page of [low, high), often at or near one of its ends.</summary>
    public ulong Pick(ulong low, ulong high)
    {
        ulong span = high - low;
        return _random.Next(4) switch
        {
            0 => low,
            1 => high - 1,
            2 => low + (ulong)_random.NextInt64((long)Math.Min(span, 64)),
            _ => low + (ulong)_random.NextInt64((long)span),
        };
    }

    public void CompareSearch(in SpaceQuery query)
    {
        bool expected = Model.TryFindSpace(query, out ulong expectedPage);
        bool found = Tree.TryFindSpace(query, out ulong page);
        if (found != expected || page != expectedPage)
        {
            Assert.Fail($"{query}: {found} 0x{page:x}, not {expected} 0x{expectedPage:x}");
        }
    }

    public void CompareLookup(ulong page)
    {
        int above = Model.IndexOf(page);
        int below = above < Model.Count && Model.Entries[above].Start == page ? above : above - 1;
        Assert.Equal(above < Model.Count, Tree.TryGetAtOrAbove(page, out EntryRecord entry));
        if (above < Model.Count)
        {
            Assert.Equal(Model.Entries[above], entry);
        }

        Assert.Equal(below >= 0, Tree.TryGetAtOrBelow(page, out entry));
        if (below >= 0)
        {
            Assert.Equal(Model.Entries[below], entry);
        }
    }

    public void CompareAll()
    {
        Tree.Validate();
        Assert.Equal((nuint)Model.Count, Tree.Count);
        Assert.Equal(Model.LargestGap, Tree.LargestGap);
        ulong page = 0;
        foreach (EntryRecord expected in Model.Entries)
        {
            Assert.True(Tree.TryGetAtOrAbove(page, out EntryRecord entry));
            Assert.Equal(expected, entry);
            page = entry.Start + 1;
        }

        Assert.False(Tree.TryGetAtOrAbove(page, out _));
    }
}

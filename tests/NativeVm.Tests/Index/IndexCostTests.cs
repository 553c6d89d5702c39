using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Platform;

namespace NativeVm.Tests.Index;

/// <summary>What searches and batches cost, counted, not timed; and what memory the index takes and gives back.</summary>
public sealed class IndexCostTests
{
    private const int Many = 60_000;

    /// <summary>Every gap is long enough for a search at an alignment, and misaligned, but the last one.</summary>
    private static BPlusTreeIndex Adversarial(ulong alignment, ulong length, out ulong fit)
    {
        ulong gap = length + alignment - 1;
        ulong period = (gap + alignment) / alignment * alignment;
        BPlusTreeIndex index = new(VmPlatform.Current, 0, period * (Many + 3));
        EntryRecord[] entries = new EntryRecord[Many];
        for (int i = 0; i < Many; i++)
        {
            // A gap begins one page above a multiple and ends where its room is one page short.
            ulong start = (period * (ulong)(i + 1)) - (period - gap);
            entries[i] = new EntryRecord { Start = start, End = (period * (ulong)(i + 1)) + 1, Flags = 1 };
        }

        entries[0].Start = 0;
        fit = period * Many;
        fit = (fit + 1 + alignment - 1) / alignment * alignment;
        Assert.True(index.TryBuildFrom(entries));
        index.Validate();
        return index;
    }

    [Fact]
    public void No_power_of_two_makes_a_search_look_into_many_leaves()
    {
        for (int shift = 1; shift <= FigureClasses.LargestShift; shift++)
        {
            ulong alignment = 1UL << shift;
            using BPlusTreeIndex index = Adversarial(alignment, alignment, out ulong fit);
            SpaceQuery query = new(0, ulong.MaxValue, alignment, alignment, false);
            ulong before = index.VisitedNodeCount;
            Assert.True(index.TryFindSpace(query, out ulong page));
            Assert.Equal(fit, page);
            Assert.InRange(index.VisitedNodeCount - before, 1u, 8u);

            // And from a start, where the way down has to come back up once at most.
            before = index.VisitedNodeCount;
            Assert.True(index.TryFindSpace(query with { Start = 12345 }, out page));
            Assert.Equal(fit, page);
            Assert.InRange(index.VisitedNodeCount - before, 1u, 16u);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(900)]
    [InlineData(1 << 19)]
    public void Other_alignments_cost_one_sweep(ulong alignment)
    {
        using BPlusTreeIndex index = Adversarial(alignment, alignment, out ulong fit);
        SpaceQuery query = new(0, ulong.MaxValue, alignment, alignment, false);
        Assert.True(index.TryFindSpace(query, out ulong page));
        Assert.Equal(fit, page);
        Assert.Equal(1, index.SweepCount);
        ulong before = index.VisitedNodeCount;
        Assert.True(index.TryFindSpace(query, out page));
        Assert.Equal(fit, page);
        Assert.InRange(index.VisitedNodeCount - before, 1u, 16u);
        index.Validate();
    }

    [Fact]
    public void More_alignments_than_there_are_classes_sweep_no_more_than_they_search()
    {
        using BPlusTreeIndex index = Adversarial(7 * 11 * 13, 7 * 11 * 13, out _);
        ulong[] alignments = [77, 91, 143, 1001, 13 * 49, 11 * 49];
        const int Rounds = 30;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (ulong alignment in alignments)
            {
                index.TryFindSpace(new SpaceQuery(0, ulong.MaxValue, 1900, alignment, false), out _);
            }
        }

        Assert.InRange(index.SweepCount, 0, BPlusTreeIndex.MostCustomClasses + (Rounds * 2));
        index.Validate();
    }

    [Fact]
    public void A_removed_range_costs_what_it_frees()
    {
        using BPlusTreeIndex index = Adversarial(2, 2, out _);
        ulong before = index.VisitedNodeCount;
        index.RemoveRange(0, index.EndPage);
        Assert.Equal(0u, index.Count);
        Assert.InRange(index.VisitedNodeCount - before, 1u, (ulong)Many / 4);
        index.Validate();
    }

    [Fact]
    public void Forty_bytes_hold_an_entry_at_random_fill()
    {
        Random random = new(1);
        using BPlusTreeIndex index = new(VmPlatform.Current, 0, Many * 100);
        bool[] used = new bool[Many * 10];
        for (int i = 0; i < Many; i++)
        {
            int place = random.Next(used.Length);
            if (!used[place])
            {
                used[place] = true;
                Assert.True(index.TryReserve(1));
                index.Insert(new EntryRecord { Start = (ulong)place * 10, End = ((ulong)place * 10) + 9 });
            }
        }

        Assert.InRange((double)index.NodeByteCount / index.Count, 20, 40);
        index.Validate();
    }

    [Fact]
    public void Nothing_is_taken_before_it_is_reserved()
    {
        using BPlusTreeIndex index = new(VmPlatform.Current, 10, 100);
        Assert.Equal(0u, index.MetadataByteCount);
        Assert.True(index.TryFindSpace(new SpaceQuery(0, ulong.MaxValue, 90, 1, false), out ulong page));
        Assert.Equal(10u, page);
        Assert.False(index.TryGetAtOrAbove(0, out _));
        Assert.False(index.TryGetAtOrBelow(50, out _));
        index.RemoveRange(0, 1000);
        index.Validate();
        Assert.Equal(90u, index.LargestGap);
        Assert.Equal(0u, index.MetadataByteCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(33)]
    [InlineData(2000)]
    [InlineData(70_000)]
    public void Building_from_sorted_entries_equals_inserting_them(int count)
    {
        using IndexPair pair = new(0, (ulong)(count + 1) * 50, 1) { DetailPeriod = 5 };
        EntryRecord[] entries = new EntryRecord[count];
        for (int i = 0; i < count; i++)
        {
            ulong start = (ulong)i * 50;
            entries[i] = pair.Entry(start, start + 1 + ((ulong)i % 50));
        }

        Assert.True(pair.Tree.TryBuildFrom(entries));
        foreach (ref readonly EntryRecord entry in entries.AsSpan())
        {
            pair.Model.Append(entry);
        }

        pair.CompareAll();
    }

    [Fact]
    public void The_self_check_runs_now_and_then()
    {
        using IndexPair pair = new(0, 100_000, 1);
        pair.Tree.IsSelfChecking = true;
        for (ulong i = 0; i < 1000; i++)
        {
            pair.Insert(i * 10, (i * 10) + 5);
        }

        Assert.InRange(pair.Tree.SelfCheckCount, 3, 100);
    }
}

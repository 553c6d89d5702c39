using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Index;

/// <summary>The index when the system has no memory for it.</summary>
public sealed class MetadataRefusalTests
{
    [Fact]
    public void A_refused_reserve_changes_nothing_and_what_was_reserved_is_there()
    {
        FaultInjectingPlatform platform = new(VmPlatform.Current);
        using BPlusTreeIndex index = new(platform, 0, 1 << 20);
        platform.Arm(FaultPlan.Operation(SystemOperation.Commit));
        Assert.False(index.TryReserve(1));
        Assert.Equal(0u, index.MetadataByteCount);
        Assert.True(index.TryFindSpace(new SpaceQuery(0, ulong.MaxValue, 10, 1, false), out _));

        platform.Disarm();
        const int Reserved = 3000;
        Assert.True(index.TryReserve(Reserved));
        platform.Arm(FaultPlan.Operation(SystemOperation.Commit));
        Random random = new(1);
        HashSet<ulong> used = [];
        while (used.Count < Reserved)
        {
            ulong page = (ulong)random.Next(1 << 19) * 2;
            if (used.Add(page))
            {
                index.Insert(new EntryRecord
                {
                    Start = page,
                    End = page + 1,
                    Detail = new EntryDetail { WiredCount = 1, GrowthReserve = page % 3 },
                });
            }
        }

        index.Validate();
        while (index.TryReserve(1))
        {
            // What the last growth took ahead of need is used up first.
            ulong page = (ulong)random.Next(1 << 19) * 2;
            if (used.Add(page))
            {
                index.Insert(new EntryRecord { Start = page, End = page + 1 });
            }
        }

        nuint bytes = index.MetadataByteCount;
        Assert.False(index.TryReserve(100_000));
        Assert.Equal(bytes, index.MetadataByteCount);
        Assert.Equal((nuint)used.Count, index.Count);
        index.Validate();
    }

    [Fact]
    public void Without_memory_for_figures_a_search_at_an_odd_alignment_is_exact_and_long()
    {
        FaultInjectingPlatform platform = new(VmPlatform.Current);
        EntryRecord[] entries = new EntryRecord[20_000];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new EntryRecord { Start = (ulong)i * 7, End = ((ulong)i * 7) + 1 };
        }

        using BPlusTreeIndex index = new(platform, 0, (20_000 * 7) + 50);
        Assert.True(index.TryBuildFrom(entries));
        platform.Arm(FaultPlan.Operation(SystemOperation.Commit));
        SpaceQuery query = new(0, ulong.MaxValue, 6, 7, false);
        Assert.True(index.TryFindSpace(query, out ulong page));
        Assert.Equal(20_000u * 7, page);
        Assert.Equal(0, index.SweepCount);
        platform.Disarm();
        Assert.True(index.TryFindSpace(query, out page));
        Assert.Equal(20_000u * 7, page);
        Assert.Equal(1, index.SweepCount);
    }
}

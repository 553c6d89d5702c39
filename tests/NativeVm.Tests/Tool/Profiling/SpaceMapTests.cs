using NativeVm.Index.Tree;
using NativeVm.Platform;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Maps;
using NativeVm.Tool.Profiling.Maps.GapTree;
using NativeVm.Tool.Profiling.Workloads;

namespace NativeVm.Tests.Tool.Profiling;

/// <summary>What contends in the map workloads does the same work: a fast wrong answer would win.</summary>
public sealed class SpaceMapTests
{
    private const ulong PageCount = 4000;

    [Fact]
    public void Exact_contenders_agree_and_the_others_give_space_that_is_free()
    {
        using VmMapSpace map = new(PageCount);
        using IndexSpace ours = new(new BPlusTreeIndex(VmPlatform.Current, 0, PageCount));
        using IndexSpace tree = new(new AvlEntryIndex(VmPlatform.Current, 0, PageCount));
        using LinearSpace linear = new(PageCount);
        using SortedSetSpace sets = new(PageCount);
        bool[] isUsed = new bool[PageCount];
        List<MapRange> entries = [];
        Random random = new(3);
        for (int step = 0; step < 20_000; step++)
        {
            ulong count = (ulong)random.Next(1, 65);
            ulong alignment = random.Next(4) == 0 ? 16ul : 1ul;
            ulong start = random.Next(2) == 0 ? 0 : (ulong)random.Next((int)PageCount);
            bool isFound = linear.TryFind(start, count, alignment, out ulong page);
            Assert.Equal(isFound, ours.TryFind(start, count, alignment, out ulong oursPage));
            Assert.Equal(isFound, tree.TryFind(start, count, alignment, out ulong treePage));
            bool isFoundBySize = sets.TryFind(start, count, alignment, out ulong setPage);
            if (isFound)
            {
                Assert.Equal((page, page), (oursPage, treePage));
            }

            if (isFoundBySize)
            {
                Assert.Equal(0ul, setPage % alignment);
                Assert.DoesNotContain(true, isUsed.AsSpan((int)setPage, (int)count).ToArray());
            }

            if (isFound && entries.Count < 90)
            {
                entries.Add(new MapRange(page, count));
                isUsed.AsSpan((int)page, (int)count).Fill(true);
                map.Insert(map.FirstPage + page, count, (ulong)step);
                ours.Insert(page, count, (ulong)step);
                tree.Insert(page, count, (ulong)step);
                linear.Insert(page, count, (ulong)step);
                sets.Insert(page, count, (ulong)step);
            }
            else if (entries.Count > 0)
            {
                int index = random.Next(entries.Count);
                MapRange entry = entries[index];
                entries.RemoveAt(index);
                isUsed.AsSpan((int)entry.Page, (int)entry.PageCount).Clear();
                map.Remove(map.FirstPage + entry.Page, entry.PageCount);
                ours.Remove(entry.Page, entry.PageCount);
                tree.Remove(entry.Page, entry.PageCount);
                linear.Remove(entry.Page, entry.PageCount);
                sets.Remove(entry.Page, entry.PageCount);
            }

            ulong asked = (ulong)random.Next((int)PageCount);
            bool isThere = isUsed[asked];
            Assert.Equal(
                (isThere, isThere, isThere, isThere, isThere),
                (map.Contains(map.FirstPage + asked), ours.Contains(asked), tree.Contains(asked), linear.Contains(asked), sets.Contains(asked)));
        }
    }

    [Fact]
    public void Every_lane_of_every_map_workload_runs_and_counts_its_bytes()
    {
        ProfileSettings settings = new() { Sizes = [4096], Live = [500], Allocators = [], Duration = TimeSpan.FromSeconds(1) };
        foreach (IWorkload workload in WorkloadRegistry.All.Where(one => one.Name.StartsWith("map-", StringComparison.Ordinal)))
        {
            foreach (ProfileCase one in workload.CreateCases(settings))
            {
                foreach (LaneSource source in one.Lanes)
                {
                    using Lane lane = source.Create();
                    Assert.True(lane.Run(1000) > 0, source.Allocator);
                    Assert.True(lane is IdleLane || lane.BytesPerEntry > 0, source.Allocator);
                }
            }
        }
    }
}

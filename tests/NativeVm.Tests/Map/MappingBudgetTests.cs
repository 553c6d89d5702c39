using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>Near the system's cap on mappings a map spares them, and stops before the process is harmed.</summary>
[Collection(nameof(ResidentSetTests))]
public sealed unsafe class MappingBudgetTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;
    private const nuint Limit = 256;

    private readonly SimulatedPlatform _platform = new(SimulatedPlatformOptions.PosixLike with { MappingLimit = Limit });

    [Fact]
    public void Committing_everywhere_never_comes_to_the_cap()
    {
        using VmMap map = TestMaps.Simulated(_platform, Base, 1 << 15);
        Assert.Equal(VmResult.Success, map.FindFixed(Base, Page << 15, VmEntryAttributes.Reserved));
        for (nuint i = 0; i < 1 << 14; i++)
        {
            nuint block = Base + (2 * (i * 7919 % (1 << 14)) * Page);
            Assert.Equal(VmResult.Success, map.Commit(block, Page, PageProtection.ReadWrite));
            Assert.False(_platform.IsDirty(block, Page));
            _platform.Touch(block, Page);
        }

        VmMapStatistics statistics = map.GetStatistics();
        Assert.Equal(Limit, statistics.MappingLimit);
        Assert.InRange(statistics.MappingCount, (nuint)1, Limit - (Limit / 32));
        Assert.Equal(_platform.CommittedByteCount, statistics.CommittedByteCount + statistics.RetainedByteCount);
        Assert.Equal(statistics.CommittedByteCount, _platform.ResidentByteCount);
        map.Validate();
        Assert.Equal(VmResult.Success, map.Remove(Base, Page << 15));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)0, _platform.CommittedByteCount);
        map.Validate();
    }

    [Fact]
    public void What_cannot_be_spared_is_refused_with_the_setting_before_the_cap_and_changes_nothing()
    {
        using VmMap map = TestMaps.Simulated(_platform, Base, 1 << 12);
        VmEntryAttributes read = VmEntryAttributes.ReadWrite with { Protection = PageProtection.Read };
        VmResult result = VmResult.Success;
        nuint count = 0;
        for (; result.IsSuccess && count < 2 * Limit; count++)
        {
            result = map.FindFixed(Base + (count * Page), Page, count % 2 == 0 ? VmEntryAttributes.ReadWrite : read);
        }

        Assert.Equal(RefusalReason.MappingLimit, result.Refusal.Reason);
        Assert.Contains("vm.max_map_count", result.ToString(), StringComparison.Ordinal);
        Assert.InRange(map.GetStatistics().MappingCount, Limit * 3 / 4, Limit - (Limit / 32));
        string before = _platform.ToString();
        Assert.Equal(RefusalReason.MappingLimit, map.FindFixed(Base + (1000 * Page), Page, read).Refusal.Reason);
        Assert.Equal(RefusalReason.MappingLimit, map.Commit(Reserve(map, Base + (2000 * Page)) + Page, Page, PageProtection.Read).Refusal.Reason);
        Assert.Equal(before, _platform.ToString());

        // What joins mappings, or gives them back, goes on, and makes room.
        Assert.Equal(VmResult.Success, map.Protect(Base, 20 * Page, PageProtection.Read));
        Assert.Equal(VmResult.Success, map.FindFixed(Base + (1000 * Page), Page, read));
        map.Validate();
        Assert.Equal(VmResult.Success, map.Remove(Base, Page << 12));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [Fact]
    public void Random_changes_near_the_cap_agree_with_the_system_and_leave_one_mapping()
    {
        const int PageCount = 4096;
        using VmMap map = TestMaps.Simulated(_platform, Base, PageCount);
        Assert.Equal(VmResult.Success, map.FindFixed(Base, PageCount * Page, VmEntryAttributes.Reserved));
        bool[] model = new bool[PageCount];
        Random random = new(5);
        nuint most = 0;
        for (int step = 0; step < 6000; step++)
        {
            int first = random.Next(PageCount);
            int count = Math.Min(random.Next(1, 6), PageCount - first);
            nuint start = Base + ((nuint)first * Page);
            bool commits = random.Next(step < 4000 ? 3 : 2) != 0;
            VmResult result = commits
                ? map.Commit(start, (nuint)count * Page, PageProtection.ReadWrite)
                : map.Decommit(start, (nuint)count * Page);
            Assert.Equal(VmResult.Success, result);
            for (int i = first; i < first + count; i++)
            {
                nuint page = Base + ((nuint)i * Page);
                Assert.False(_platform.IsDirty(page, Page) && !(commits && model[i]), "Fresh pages are empty.");
                model[i] = commits;
                if (commits)
                {
                    _platform.Touch(page, Page);
                }
            }

            most = nuint.Max(most, _platform.QueryProcess(out ProcessMemory memory).IsSuccess ? memory.MappingCount : 0);
        }

        VmMapStatistics statistics = map.GetStatistics();
        Assert.Equal((nuint)model.Count(static isCommitted => isCommitted) * Page, statistics.CommittedByteCount);
        Assert.Equal(_platform.CommittedByteCount, statistics.CommittedByteCount + statistics.RetainedByteCount);
        Assert.Equal(statistics.CommittedByteCount, _platform.ResidentByteCount);
        Assert.InRange(most, Limit / 2, Limit - 1);
        map.Validate();
        Assert.Equal(VmResult.Success, map.Decommit(Base, PageCount * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)0, map.GetStatistics().RetainedByteCount);
        map.Validate();
    }

    [Fact]
    public void Guards_and_stacks_in_retained_pages_fault()
    {
        using VmMap map = TestMaps.Simulated(_platform, Base, 1 << 14);
        _platform.PlaceForeignPages(unchecked((nuint)0x1_0000_0000), Limit * 13 / 16);
        Assert.Equal(VmResult.Success, map.FindFixed(Base, 1024 * Page, VmEntryAttributes.Reserved));
        for (nuint i = 0; i < 64; i++)
        {
            Assert.Equal(VmResult.Success, map.Commit(Base + (8 * i * Page), Page, PageProtection.ReadWrite));
        }

        Assert.True(map.GetStatistics().RetainedByteCount > 0);
        Assert.Equal(VmResult.Success, map.Guard(Base + (9 * Page), 3 * Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(Base + (10 * Page), 1));
        Assert.Equal(VmResult.Success, map.Remove(Base + (512 * Page), 512 * Page));
        Assert.Equal(VmResult.Success, map.FindStack(32 * Page, 2 * Page, Page, 0, out nuint top));
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(top - (3 * Page), 1));
        Assert.Equal(VmResult.Success, map.GrowStack(top - (3 * Page)));
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(top - (4 * Page), 1));
        map.Validate();
    }

    [Fact]
    public void A_submap_leaves_nothing_retained_behind()
    {
        using VmMap map = TestMaps.Simulated(_platform, Base, 1 << 14);
        _platform.PlaceForeignPages(unchecked((nuint)0x1_0000_0000), Limit * 13 / 16);
        Assert.Equal(VmResult.Success, map.FindSubmap(2048 * Page, 1, out VmMap? submap));
        Assert.Equal(VmResult.Success, submap!.FindFixed(Base, 2048 * Page, VmEntryAttributes.Reserved));
        for (nuint i = 0; i < 128; i++)
        {
            Assert.Equal(VmResult.Success, submap.Commit(Base + (8 * i * Page), Page, PageProtection.ReadWrite));
        }

        Assert.True(submap.GetStatistics().RetainedByteCount > 0);
        submap.Validate();
        submap.Dispose();
        Assert.Equal((nuint)0, _platform.CommittedByteCount);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [CapabilityFact(Needs.ReachableMappingLimit | Needs.Posix)]
    public void A_process_that_a_map_has_filled_with_mappings_lives_on()
    {
        ChildResult result = ChildProcess.Run(nameof(BudgetScenarios.FillWithMappings));
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [CapabilityFact(Needs.Posix)]
    public void After_sixty_thousand_random_commits_and_decommits_that_end_empty_one_mapping_is_left()
    {
        const nuint Block = 64 << 10;
        const int BlockCount = 16_384;
        using VmMap map = TestMaps.Real(BlockCount * Block);
        Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress, BlockCount * Block, VmEntryAttributes.Reserved));
        Random random = new(60_000);
        for (int step = 0; step < 60_000; step++)
        {
            nuint block = map.MinAddress + ((nuint)random.Next(BlockCount) * Block);
            if (random.Next(2) == 0)
            {
                Assert.Equal(VmResult.Success, map.Commit(block, Block, PageProtection.ReadWrite));
                *(byte*)block = 1;
            }
            else
            {
                Assert.Equal(VmResult.Success, map.Decommit(block, Block));
            }
        }

        Assert.True(map.GetStatistics().MappingCount > 1000);
        for (nuint block = map.MinAddress; block < map.MaxAddress; block += Block)
        {
            Assert.Equal(VmResult.Success, map.Decommit(block, Block));
        }

        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        map.Validate();
    }

    private static nuint Reserve(VmMap map, nuint start)
    {
        map.FindFixed(start, 4 * Page, VmEntryAttributes.Reserved).ThrowIfFailed();
        return start;
    }
}

using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>Every call of every operation refused, one after the other and in pairs: the map is then what it was.</summary>
public sealed class FaultSweepTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint MiB = 1 << 20;

    // A system that refuses every call from one on also refuses every undoing; nothing can be promised then.
    private const FaultPatterns Survivable = FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls;

    private static readonly FaultSweepOptions[] Systems =
    [
        new() { Patterns = Survivable },
        new()
        {
            Patterns = Survivable,
            CreatePlatform = static () => new SimulatedPlatform(SimulatedPlatformOptions.WindowsLike),
        },
    ];

    private static readonly VmEntryAttributes Stack =
        VmEntryAttributes.ReadWrite with { Kind = VmEntryKind.Stack, GrowthReserve = 4 * Page };

    public static TheoryData<string> Operations => [.. Acts.Keys];

    private static Dictionary<string, Func<VmMap, VmResult>> Acts => new()
    {
        ["insert"] = map => map.FindFixed(map.MinAddress + (100 * Page), 3 * Page, VmEntryAttributes.ReadWrite),
        ["insert without access"] = map => map.FindFixed(
            map.MinAddress + (100 * Page), 3 * Page, VmEntryAttributes.ReadWrite with { Protection = PageProtection.None }),
        ["insert far above"] = map => map.FindFixed(map.MinAddress + (40 * MiB), Page, VmEntryAttributes.ReadWrite),
        ["find"] = map => map.Find(5 * Page, VmEntryAttributes.ReadWrite, out _),
        ["find with growth"] = map => map.Find(5 * MiB, VmEntryAttributes.ReadWrite, out _),
        ["find with growth over what is foreign"] = map => map.Find(30 * MiB, Stack, out _),
        ["remove an entry"] = map => map.Remove(map.MinAddress, 4 * Page),
        ["remove a part"] = map => map.Remove(map.MinAddress + Page, Page),
        ["remove all"] = map => map.Remove(map.MinAddress, map.MaxAddress - map.MinAddress),
        ["protect"] = map => map.Protect(map.MinAddress + (13 * Page), 8 * MiB, PageProtection.ReadExecute),
        ["protect a part"] = map => map.Protect(map.MinAddress + Page, Page, PageProtection.None),
        ["commit"] = map => map.Commit(map.MinAddress, 12 * Page, PageProtection.ReadWrite),
        ["wire"] = map => map.Wire(map.MinAddress + (14 * Page), 3 * Page),
        ["wire over two reservations"] = map => map.Wire(map.MinAddress + (2 * MiB) - (2 * Page), 4 * Page),
        ["unwire"] = map => map.Unwire(map.MinAddress + (20 * Page), Page),
        ["advise"] = map => map.Advise(map.MinAddress, 16 * MiB, VmAdvice.WillNeed),
        ["lower the maximum"] = map => map.ProtectMaximum(map.MinAddress, 8 * MiB, PageProtection.Read),
        ["find a stack"] = map => map.FindStack(12 * MiB, Page, Page, 77, out _),
        ["grow a stack"] = map => map.GrowStack(map.MinAddress + (3 * MiB) - (3 * Page)),
        ["shrink a stack"] = map => map.ShrinkStack(map.MinAddress + (3 * MiB) + Page),
        ["decommit"] = map => map.Decommit(map.MinAddress, 20 * Page),
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_refusal_leaves_the_map_its_pages_and_its_figures_as_they_were(string operation)
    {
        Func<VmMap, VmResult> act = Acts[operation];
        foreach (FaultSweepOptions options in Systems)
        {
            FaultSweepReport report = FaultSweep.Run(
                setup: platform => new State(MakeMap(platform)),
                act: state => act(state.Map).IsSuccess,
                verify: (state, succeeded) => state.Verify(succeeded),
                options);
            Assert.True(report.InjectedCount > 0, "Something was refused.");
        }
    }

    [Fact]
    public void A_map_that_cannot_be_made_leaves_nothing_behind()
    {
        foreach (bool isGrowable in (bool[])[false, true])
        {
            for (int call = 1; call < 40; call++)
            {
                SimulatedPlatform simulated = new();
                FaultInjectingPlatform platform = new(simulated);
                platform.Arm(FaultPlan.Calls(call, 100));
                VmMapOptions options = new()
                {
                    ByteCount = MiB,
                    IsGrowable = isGrowable,
                    Platform = platform,
                    ExcludeFromCoreDumps = true,
                };
                try
                {
                    using VmMap map = new(options);
                    map.Validate();
                    platform.Disarm();
                }
                catch (SystemRefusedException exception)
                {
                    Assert.Equal(SystemOperation.Reserve, exception.Reply.Operation);
                }

                Assert.Equal((nuint)0, simulated.ReservedByteCount);
            }
        }
    }

    [Fact]
    public void Without_memory_for_records_every_operation_says_so_and_changes_nothing()
    {
        SimulatedPlatform simulated = new();
        FaultInjectingPlatform metadata = new(VmPlatform.Current);
        using VmMap map = new(new VmMapOptions { ByteCount = 64 * MiB, Platform = simulated, MetadataPlatform = metadata });
        metadata.Arm(FaultPlan.Calls(1, long.MaxValue / 2));
        ulong tag = 0;
        VmResult result;
        nuint committed;
        do
        {
            committed = simulated.CommittedByteCount;
            result = map.Find(Page, VmEntryAttributes.ReadWrite with { Tag = ++tag }, out _);
        }
        while (result.IsSuccess && tag < 20_000);
        Assert.Equal(VmResult.ResourceShortage, result);
        Assert.Equal(committed, simulated.CommittedByteCount);
        map.Validate();
        metadata.Disarm();
        Assert.Equal(VmResult.Success, map.Find(Page, VmEntryAttributes.ReadWrite with { Tag = tag }, out _));
        map.Validate();
    }

    private static VmMap MakeMap(VmPlatform platform)
    {
        nuint start = Granule(platform, 0x4000_0000);
        VmMap map = new(new VmMapOptions
        {
            ByteCount = 2 * MiB,
            MaxByteCount = 256 * MiB,
            IsGrowable = true,
            Placement = Placement.At(start),
            Platform = platform,
        });
        ((SimulatedPlatform)((FaultInjectingPlatform)platform).Inner).PlaceForeign(start + (24 * MiB), MiB);

        // A second reservation, so that ranges span two; then entries of every sort over both.
        map.FindFixed(start + (3 * MiB), 2 * Page, Stack).ThrowIfFailed();
        map.FindFixed(start, 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        map.FindFixed(start + (4 * Page), 8 * Page, VmEntryAttributes.Reserved).ThrowIfFailed();
        map.FindFixed(start + (14 * Page), 4 * Page, VmEntryAttributes.ReadWrite with { Tag = 3, Protection = PageProtection.Read }).ThrowIfFailed();
        map.FindFixed(start + (2 * MiB) - (2 * Page), 4 * Page, VmEntryAttributes.ReadWrite with { Tag = 4 }).ThrowIfFailed();
        map.FindFixed(start + (20 * Page), Page, VmEntryAttributes.ReadWrite with { Tag = 5 }).ThrowIfFailed();
        map.Wire(start + (20 * Page), Page).ThrowIfFailed();
        return map;
    }

    private static nuint Granule(VmPlatform platform, nuint address) => address & ~(platform.AllocationGranularity - 1);

    private sealed class State(VmMap map) : IDisposable
    {
        private readonly string _before = Picture(map);

        public VmMap Map => map;

        public void Verify(bool succeeded)
        {
            map.Validate();
            SimulatedPlatform system = (SimulatedPlatform)((FaultInjectingPlatform)map.Platform).Inner;
            VmMapStatistics statistics = map.GetStatistics();
            Assert.Equal(system.CommittedByteCount, statistics.CommittedByteCount);
            Assert.Equal(system.ReservedByteCount, statistics.ReservedByteCount);
            if (!succeeded)
            {
                Assert.Equal(_before, Picture(map));
            }
        }

        public void Dispose() => map.Dispose();

        private static string Picture(VmMap map)
        {
            using VmMapLockScope scope = map.EnterReadLock();
            List<string> lines = [$"reserved to 0x{map.ReservedEnd:x}"];
            foreach (VmEntry entry in map.GetEntries())
            {
                lines.Add(entry.ToString());
            }

            SimulatedPlatform system = (SimulatedPlatform)((FaultInjectingPlatform)map.Platform).Inner;

            // Pages that were locked for a moment may stay resident; nothing is promised of that.
            string pages = string.Join('\n', system.Snapshot()).Replace(" resident", "", StringComparison.Ordinal);
            return string.Join('\n', lines) + "\n" + pages;
        }
    }
}

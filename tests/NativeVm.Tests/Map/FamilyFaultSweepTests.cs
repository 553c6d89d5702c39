using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>
/// Every call refused, one after the other and in pairs, of what the family has beyond ordinary entries: guards, huge
/// pages, memory nodes, inheritance, objects, submaps, finds under constraints. The map is then what it was.
/// </summary>
public sealed class FamilyFaultSweepTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Huge = 2 << 20;
    private const nuint MiB = 1 << 20;

    // A system that refuses every call from one on also refuses every undoing; nothing can be promised then.
    private const FaultPatterns Survivable = FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls;

    private static readonly VmEntryAttributes Transparent = VmEntryAttributes.ReadWrite with { HugePages = VmHugePages.Transparent };
    private static readonly VmEntryAttributes Explicit = VmEntryAttributes.ReadWrite with { HugePages = VmHugePages.Explicit };

    private static readonly SimulatedPlatformOptions Rich = SimulatedPlatformOptions.PosixLike with
    {
        NumaNodeCount = 4,
        HugePagePoolByteCount = 8 * Huge,
        Capabilities = SimulatedPlatformOptions.PosixLike.Capabilities | PlatformCapabilities.ExplicitHugePages,
    };

    private static readonly SimulatedPlatformOptions[] Systems =
    [
        Rich,
        Rich with { Capabilities = Rich.Capabilities & ~PlatformCapabilities.GuardRegions },
        SimulatedPlatformOptions.WindowsLike,
    ];

    public static TheoryData<string> Operations => [.. Acts.Keys];

    public static TheoryData<string> TightOperations => [.. TightActs.Keys];

    private static Dictionary<string, Func<State, VmResult>> Acts => new()
    {
        ["guard inside"] = state => state.Map.Guard(state.At(1), Page),
        ["guard over entries"] = state => state.Map.Guard(state.At(0), 8 * Page),
        ["guard over two reservations"] = state => state.Map.Guard(state.Seam - (2 * Page), 4 * Page),
        ["remove guards"] = state => state.Map.Unguard(state.At(0), 40 * Page),
        ["protect over guards"] = state => state.Map.Protect(state.At(20), 8 * Page, PageProtection.Read),
        ["lower the maximum over guards"] = state => state.Map.ProtectMaximum(state.At(20), 8 * Page, PageProtection.Read),
        ["decommit over guards"] = state => state.Map.Decommit(state.At(20), 8 * Page),
        ["commit over guards"] = state => state.Map.Commit(state.At(12), 18 * Page, PageProtection.ReadWrite),
        ["remove over guards"] = state => state.Map.Remove(state.At(0), 40 * Page),
        ["advise over guards"] = state => state.Map.Advise(state.At(20), 8 * Page, VmAdvice.DontNeed),
        ["find with guards"] = state => state.Map.Find(
            new SpaceRequest(3 * Page) { GuardBefore = Page, GuardAfter = 2 * Page }, VmEntryAttributes.ReadWrite, out _),
        ["find with guards and growth"] = state => state.Map.Find(
            new SpaceRequest(8 * MiB) { GuardBefore = Page, GuardAfter = Page }, VmEntryAttributes.ReadWrite, out _),
        ["remove what was found with guards"] = state => state.Map.Remove(state.Guarded, 3 * Page),
        ["find under constraints"] = state => state.Map.Find(
            new SpaceRequest(Page) { Start = state.At(8192), Alignment = MiB, Phase = Page, Boundary = 64 * Page }, VmEntryAttributes.ReadWrite, out _),
        ["find transparent huge pages"] = state => state.Map.Find(2 * Huge, Transparent, out _),
        ["commit transparent huge pages again"] = state => Both(
            state.Map.Decommit(state.Large, 2 * Huge), state.Map.Commit(state.Large, 2 * Huge, PageProtection.ReadWrite)),
        ["decommit a huge page"] = state => state.Map.Decommit(state.Large, Huge),
        ["break a huge page up"] = state => state.Map.Decommit(state.Large + Page, Page, GiveBackFlags.SplitHugePages),
        ["no more huge pages"] = state => IfSupported(
            state.Map.Platform.Supports(PageAdvice.NoHugePages), () => state.Map.Advise(state.Large, Huge, VmAdvice.NoHugePages)),
        ["collapse"] = state => IfSupported(
            state.Map.Platform.Supports(PageAdvice.CollapseHugePages), () => state.Map.Advise(state.Large, Huge, VmAdvice.CollapseHugePages)),
        ["find explicit huge pages"] = state => IfSupported(state.IsRich, () => state.Map.Find(2 * Huge, Explicit, out _)),
        ["remove explicit huge pages"] = state => IfSupported(state.IsRich, () => state.Map.Remove(state.Explicit, Huge)),
        ["prefer a node"] = state => IfSupported(state.IsRich, () => state.Map.SetPreferredNode(state.At(0), 40 * Page, 2)),
        ["prefer a node, decommit and commit"] = state => IfSupported(
            state.IsRich,
            () => Both(
                state.Map.SetPreferredNode(state.At(0), 4 * Page, 1),
                Both(state.Map.Decommit(state.At(0), 4 * Page), state.Map.Commit(state.At(0), 4 * Page, PageProtection.Read)))),
        ["inherit nothing"] = state => state.Map.Inherit(state.At(0), 40 * Page, PageInheritance.None),
        ["inherit nothing, of what has no memory, and commit"] = state => Both(
            state.Map.Inherit(state.At(12), 8 * Page, PageInheritance.None), state.Map.Commit(state.At(12), 8 * Page, PageProtection.Read)),
        ["map an object"] = state => IfSupported(state.IsRich, () => state.Map.MapObject(
            8 * Page, 1, state.Source!, 0, PageProtection.ReadWrite, MappingSharing.Shared, 3, out _)),
        ["map an object far above"] = state => IfSupported(state.IsRich, () => state.Map.MapObjectFixed(
            state.At(0) + (16 * MiB), 8 * Page, state.Source!, 0, PageProtection.Read, MappingSharing.CopyOnWrite)),
        ["replace entries by an object"] = state => IfSupported(state.IsRich, () => state.Map.MapObjectFixed(
            state.At(2), 4 * Page, state.Source!, 8 * Page, PageProtection.Read, MappingSharing.Shared, replace: true)),
        ["protect part of an object"] = state => IfSupported(
            state.IsRich, () => state.Map.Protect(state.Object + Page, Page, PageProtection.Read)),
        ["remove part of an object"] = state => IfSupported(state.IsRich, () => state.Map.Remove(state.Object + Page, Page)),
        ["write an object back"] = state => IfSupported(state.IsRich, () => state.Map.Synchronize(state.Object, 8 * Page)),
        ["wire an object"] = state => IfSupported(state.IsRich, () => state.Map.Wire(state.Object, 8 * Page)),
        ["find a submap"] = state =>
        {
            VmResult result = state.Map.FindSubmap(40 * MiB, 1, out VmMap? submap);
            submap?.Dispose();
            return result;
        },
        ["work in a submap"] = state => Both(
            state.Submap.Find(3 * Page, VmEntryAttributes.ReadWrite, out nuint address),
            Both(state.Submap.Protect(address, Page, PageProtection.Read), state.Submap.Remove(address, 2 * Page))),
        ["guard in a submap"] = state => state.Submap.Guard(state.Submap.MinAddress, Page),
        ["find a stack with a guard"] = state => state.Map.FindStack(8 * Page, 2 * Page, 2 * Page, 1, out _),
    };

    private static Dictionary<string, Func<VmMap, VmResult>> TightActs => new()
    {
        ["commit in the middle"] = map => map.Commit(map.MinAddress + (1800 * Page), Page, PageProtection.ReadWrite),
        ["commit what is retained"] = map => map.Commit(map.MinAddress + (1025 * Page), 9 * Page, PageProtection.ReadWrite),
        ["commit for reading"] = map => map.Commit(map.MinAddress + (1026 * Page), Page, PageProtection.Read),
        ["find"] = map => map.Find(3 * Page, VmEntryAttributes.ReadWrite, out _),
        ["decommit in the middle"] = map => map.Decommit(map.MinAddress + (1032 * Page), Page),
        ["guard what is retained"] = map => map.Guard(map.MinAddress + (1027 * Page), 3 * Page),
        ["find a stack"] = map => map.FindStack(64 * Page, Page, Page, 0, out _),
        ["remove all"] = map => map.Remove(map.MinAddress, 2048 * Page),
        ["protect"] = map => map.Protect(map.MinAddress + (1024 * Page), Page, PageProtection.Read),
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_refusal_leaves_the_map_its_pages_and_its_figures_as_they_were(string operation)
    {
        Func<State, VmResult> act = Acts[operation];
        long injected = 0;
        foreach (SimulatedPlatformOptions system in Systems)
        {
            FaultSweepReport report = FaultSweep.Run(
                setup: platform => new State(platform, system),
                act: state => act(state).IsSuccess,
                verify: (state, succeeded) => state.Verify(succeeded, IsComposed(operation)),
                new FaultSweepOptions { Patterns = Survivable, CreatePlatform = () => new SimulatedPlatform(system) });
            injected += report.InjectedCount;
        }

        Assert.True(injected > 0, "Something was refused.");
    }

    [Theory]
    [MemberData(nameof(TightOperations))]
    public void A_refusal_near_the_cap_on_mappings_changes_no_entry_and_no_figure(string operation)
    {
        SimulatedPlatformOptions system = SimulatedPlatformOptions.PosixLike with { MappingLimit = 128 };
        Func<VmMap, VmResult> act = TightActs[operation];
        FaultSweepReport report = FaultSweep.Run(
            setup: MakeTight,
            act: map => act(map).IsSuccess,
            verify: (map, _) =>
            {
                map.Validate();
                SimulatedPlatform simulated = (SimulatedPlatform)((FaultInjectingPlatform)map.Platform).Inner;
                VmMapStatistics statistics = map.GetStatistics();
                Assert.Equal(simulated.CommittedByteCount, statistics.CommittedByteCount + statistics.RetainedByteCount);
                Assert.True(simulated.QueryProcess(out ProcessMemory memory).IsSuccess && memory.MappingCount <= 124);
            },
            new FaultSweepOptions { Patterns = Survivable, CreatePlatform = () => new SimulatedPlatform(system) });
        Assert.True(report.InjectedCount > 0, "Something was refused.");
    }

    // Of two operations the first may succeed and the second fail.
    private static bool IsComposed(string operation) => operation.Contains("and commit", StringComparison.Ordinal)
        || operation.Contains("again", StringComparison.Ordinal) || operation == "work in a submap";

    private static VmResult Both(VmResult first, VmResult second) => first.IsSuccess ? second : first;

    private static VmResult IfSupported(bool isSupported, Func<VmResult> act) => isSupported ? act() : VmResult.Success;

    private static VmMap MakeTight(VmPlatform platform)
    {
        VmMap map = new(new VmMapOptions { ByteCount = 4096 * Page, Placement = Placement.At(0x4000_0000), Platform = platform });
        ((SimulatedPlatform)((FaultInjectingPlatform)platform).Inner).PlaceForeignPages(0x8000_0000, 98);
        map.FindFixed(map.MinAddress, 2048 * Page, VmEntryAttributes.Reserved).ThrowIfFailed();
        for (nuint i = 0; i < 8; i++)
        {
            map.Commit(map.MinAddress + ((1024 + (8 * i)) * Page), Page, PageProtection.ReadWrite).ThrowIfFailed();
        }

        Assert.True(map.GetStatistics().RetainedByteCount > 0);
        return map;
    }

    private sealed class State : IDisposable
    {
        private readonly string _before;

        public State(VmPlatform platform, SimulatedPlatformOptions system)
        {
            IsRich = system.NumaNodeCount > 1;
            Map = new VmMap(new VmMapOptions
            {
                ByteCount = 8 * MiB,
                MaxByteCount = 256 * MiB,
                IsGrowable = true,
                Placement = Placement.At(0x4000_0000),
                Platform = platform,
            });
            Map.FindFixed(At(0), 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
            Map.FindFixed(At(4), 4 * Page, VmEntryAttributes.ReadWrite with { Tag = 2, Protection = PageProtection.Read }).ThrowIfFailed();
            Map.FindFixed(At(12), 8 * Page, VmEntryAttributes.Reserved).ThrowIfFailed();
            Map.FindFixed(At(20), 8 * Page, VmEntryAttributes.ReadWrite with { Tag = 3 }).ThrowIfFailed();
            Map.FindFixed(At(28), 2 * Page, VmEntryAttributes.Reserved with { Tag = 3 }).ThrowIfFailed();
            Map.Guard(At(22), Page).ThrowIfFailed();
            Map.Guard(At(25), 2 * Page).ThrowIfFailed();
            SpaceRequest guarded = new(3 * Page) { Start = At(48), GuardBefore = Page, GuardAfter = Page };
            Map.Find(guarded, VmEntryAttributes.ReadWrite with { Tag = 4 }, out nuint found).ThrowIfFailed();
            Guarded = found;
            Map.CreateSubmapAt(At(64), 16 * Page, out VmMap submap).ThrowIfFailed();
            Submap = submap;
            Submap.FindFixed(At(64), 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();

            // A second reservation, so that ranges span two.
            Map.FindFixed(Seam - (2 * Page), 4 * Page, VmEntryAttributes.ReadWrite with { Tag = 6 }).ThrowIfFailed();
            SpaceRequest large = new(2 * Huge) { Start = At(0) + (2 * MiB) };
            Map.Find(large, Transparent, out found).ThrowIfFailed();
            Large = found;
            if (IsRich)
            {
                Map.Find(Huge, FamilyFaultSweepTests.Explicit, out found).ThrowIfFailed();
                Explicit = found;
                platform.CreateSharedMemory(64 * Page, "swept", out MemoryObjectHandle? source).ThrowIfRefused();
                Source = source;
                Map.MapObject(8 * Page, 1, source!, 0, PageProtection.ReadWrite, MappingSharing.Shared, 9, out found).ThrowIfFailed();
                Object = found;
            }

            _before = Picture();
        }

        public VmMap Map { get; }

        public VmMap Submap { get; }

        public bool IsRich { get; }

        public MemoryObjectHandle? Source { get; }

        public nuint Guarded { get; }

        public nuint Large { get; }

        public nuint Explicit { get; }

        public nuint Object { get; }

        public nuint Seam => Map.MinAddress + (8 * MiB);

        public nuint At(int page) => Map.MinAddress + ((nuint)page * Page);

        public void Verify(bool succeeded, bool isComposed)
        {
            Map.Validate();
            Submap.Validate();
            SimulatedPlatform system = (SimulatedPlatform)((FaultInjectingPlatform)Map.Platform).Inner;
            Assert.Equal(system.CommittedByteCount, AnonymousByteCount(Map) + AnonymousByteCount(Submap));
            Assert.Equal(system.ReservedByteCount, Map.GetStatistics().ReservedByteCount);
            if (!succeeded && !isComposed)
            {
                Assert.Equal(_before, Picture());
            }
        }

        public void Dispose()
        {
            Submap.Dispose();
            Map.Dispose();
            Source?.Dispose();
        }

        // The system counts the pages of objects as the objects', not as committed.
        private static nuint AnonymousByteCount(VmMap map)
        {
            nuint objects = 0;
            using VmMapLockScope scope = map.EnterReadLock();
            foreach (VmEntry entry in map.GetEntries())
            {
                objects += entry.Attributes.IsCommitted && entry.Attributes.ObjectId != 0 ? entry.ByteCount : 0;
            }

            return map.GetStatistics().CommittedByteCount - objects;
        }

        private string Picture()
        {
            List<string> lines = [$"reserved to 0x{Map.ReservedEnd:x}"];
            foreach (VmMap map in (VmMap[])[Map, Submap])
            {
                using VmMapLockScope scope = map.EnterReadLock();
                foreach (VmEntry entry in map.GetEntries())
                {
                    VmEntryAttributes rest = entry.Attributes;
                    lines.Add($"{entry} {rest.MaxProtection} {rest.Inheritance} {rest.HugePages} {rest.PreferredNode} {rest.ObjectId} {rest.WiredCount}");
                }
            }

            SimulatedPlatform system = (SimulatedPlatform)((FaultInjectingPlatform)Map.Platform).Inner;

            // Pages that were locked for a moment may stay resident; nothing is promised of that.
            string pages = string.Join('\n', system.Snapshot()).Replace(" resident", "", StringComparison.Ordinal);
            return string.Join('\n', lines) + "\n" + pages;
        }
    }
}

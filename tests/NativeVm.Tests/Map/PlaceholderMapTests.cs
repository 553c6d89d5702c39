using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Objects;

namespace NativeVm.Tests.Map;

/// <summary>
/// Objects in a map on a system like Windows with placeholders: mapped anywhere, unmapped whole, never in a call with
/// anything else; the simulated system throws where one of these rules is broken.
/// </summary>
public sealed class PlaceholderMapTests
{
    private const nuint Page = 4096;
    private const nuint Granule = 16 * Page;

    private static readonly SimulatedPlatformOptions Windows = SimulatedPlatformOptions.WindowsLike;

    [Fact]
    public void A_map_takes_objects_where_it_was_made_for_it_and_says_what_it_cannot()
    {
        SimulatedPlatform windows = new(Windows);
        using VmMap made = Make(windows);
        Assert.True(made.SupportsObjects);
        Assert.False(made.ReplacesAtomically);
        Assert.False(made.ClipsObjects);
        using VmMap plain = new(new VmMapOptions { ByteCount = Granule, Platform = windows });
        Assert.False(plain.SupportsObjects || plain.ReplacesAtomically || plain.ClipsObjects);
        using VmMap old = Make(new SimulatedPlatform(ObjectSystems.WithoutPlaceholders));
        Assert.False(old.SupportsObjects);
        foreach (bool takesObjects in (bool[])[false, true])
        {
            SimulatedPlatform posix = new();
            using VmMap map = new(new VmMapOptions { ByteCount = Granule, Platform = posix, TakesObjects = takesObjects });
            Assert.True(map.SupportsObjects && map.ReplacesAtomically && map.ClipsObjects);
            Assert.Equal(1, posix.SystemCallCount);
        }
    }

    [Fact]
    public void Part_of_a_mapping_can_be_protected_and_wired_and_only_all_of_it_removed()
    {
        SimulatedPlatform system = new(Windows);
        using VmMap map = Make(system);
        using MemoryObjectHandle source = MakeSource(system);
        nuint at = map.MinAddress + Granule;
        map.MapObjectFixed(at, Granule, source, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfFailed();
        map.Protect(at + (2 * Page), 3 * Page, PageProtection.Read).ThrowIfFailed();
        map.Wire(at + (4 * Page), 4 * Page).ThrowIfFailed();
        map.Advise(at, Granule, VmAdvice.WillNeed).ThrowIfFailed();
        map.Synchronize(at, Granule).ThrowIfFailed();
        string before = system.ToString();
        Assert.Equal(VmResult.InvalidArgument, map.Remove(at + (2 * Page), 3 * Page));
        Assert.Equal(VmResult.InvalidArgument, map.Remove(at - Granule, Granule + Page));
        Assert.Equal(VmResult.InvalidArgument, map.Remove(at + Granule - Page, Granule));
        Assert.Equal(VmResult.InvalidArgument, map.Decommit(at, Granule));
        Assert.Equal(VmResult.InvalidArgument, map.Guard(at, Page));
        Assert.Equal(before, system.ToString());
        map.Validate();
        Assert.Equal(VmResult.Success, map.Remove(at, Granule));
        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)0, system.CommittedByteCount);
    }

    [Fact]
    public void An_object_takes_the_place_of_memory_and_of_whole_objects()
    {
        SimulatedPlatform system = new(Windows);
        using VmMap map = Make(system);
        using MemoryObjectHandle source = MakeSource(system);
        nuint at = map.MinAddress;
        map.FindFixed(at, Granule, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        map.MapObjectFixed(at + Granule, Granule, source, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfFailed();
        map.MapObjectFixed(at + (2 * Granule), 2 * Granule, source, 0, PageProtection.Read, MappingSharing.CopyOnWrite).ThrowIfFailed();
        Assert.Equal(VmResult.NoSpace, Replace(3, replace: false));
        Assert.Equal(VmResult.InvalidArgument, Replace(3, replace: true));
        Assert.Throws<ArgumentException>(() => map.MapObjectFixed(
            at + Page, Page, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true));
        Assert.Throws<ArgumentException>(() => map.MapObjectFixed(
            at, Page, source, 1, PageProtection.Read, MappingSharing.Shared, replace: true));
        MemoryObjectHandle closed = MakeSource(system);
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.MapObjectFixed(
            at, Page, closed, 0, PageProtection.Read, MappingSharing.Shared, replace: true));
        Assert.Equal((nuint)3, map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, Replace(4, replace: true));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        Assert.Equal(4 * Granule, map.GetStatistics().CommittedByteCount);
        map.Validate();

        VmResult Replace(nuint granules, bool replace) => map.MapObjectFixed(
            at, granules * Granule, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, replace: replace);
    }

    [Fact]
    public void What_the_system_has_against_a_mapping_is_heard_before_anything_goes()
    {
        SimulatedPlatform system = new(Windows);
        system.PlaceFile("short", 2 * Granule);
        using VmMap map = Make(system);
        system.OpenFile("short", MemoryObjectAccess.ReadWrite, 0, out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        nuint at = map.MinAddress;
        map.FindFixed(at, 4 * Granule, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        system.Touch(at, 4 * Granule);
        string before = system.ToString();
        VmResult result = map.MapObjectFixed(
            at, 3 * Granule, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true);
        Assert.Equal(RefusalReason.InvalidRange, result.Refusal.Reason);
        Assert.Equal(SystemOperation.MapObject, result.Refusal.Operation);
        Assert.Equal(at, result.Refusal.Address);
        Assert.Equal(before, system.ToString());
        map.Validate();
    }

    [Fact]
    public void A_mapping_that_is_refused_for_good_after_the_rehearsal_leaves_the_range_free()
    {
        SimulatedPlatform system = new(Windows);
        FaultInjectingPlatform platform = new(system);
        using VmMap map = Make(platform);
        using MemoryObjectHandle source = MakeSource(platform);
        nuint at = map.MinAddress;
        map.FindFixed(at, 2 * Granule, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        platform.Arm(FaultPlan.Operation(SystemOperation.MapObject));
        VmResult result = map.MapObjectFixed(
            at + Granule, Granule, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true);
        platform.Disarm();
        Assert.Equal(VmResultCode.ResourceShortage, result.Code);
        Assert.Equal(Granule, map.GetStatistics().MappedByteCount);
        Assert.Equal(Granule, map.GetStatistics().CommittedByteCount);
        Assert.Equal(Granule, system.CommittedByteCount);
        map.Validate();
        map.MapObjectFixed(at + Granule, Granule, source, 0, PageProtection.Read, MappingSharing.Shared).ThrowIfFailed();
    }

    [Fact]
    public void A_map_of_placeholders_grows_and_its_submaps_take_objects_too()
    {
        SimulatedPlatform system = new(Windows);
        nuint committed;
        using (VmMap map = Make(system, maxByteCount: 256 << 20))
        {
            using MemoryObjectHandle source = MakeSource(system);
            map.FindFixed(map.MinAddress, 8 * Granule, VmEntryAttributes.ReadWrite).ThrowIfFailed();
            map.MapObject(2 * Granule, 1, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, 0, out nuint above).ThrowIfFailed();
            Assert.True(above >= map.MinAddress + (8 * Granule) && map.GetStatistics().ReservationCount == 2);
            map.CreateSubmapAt(above + (4 * Granule), 4 * Granule, out VmMap submap).ThrowIfFailed();
            Assert.True(submap.SupportsObjects && !submap.ClipsObjects);
            submap.MapObjectFixed(
                submap.MinAddress, 2 * Granule, source, Granule, PageProtection.Read, MappingSharing.Shared).ThrowIfFailed();
            Assert.Equal(VmResult.InvalidArgument, submap.Remove(submap.MinAddress, Granule));
            map.Protect(map.MinAddress, 10 * Granule, PageProtection.Read).ThrowIfFailed();
            submap.Dispose();
            map.Validate();
            Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, map.MaxAddress - map.MinAddress));
            map.MapObject(Granule, 1, source, 0, PageProtection.Read, MappingSharing.CopyOnWrite, 0, out _).ThrowIfFailed();
            committed = system.CommittedByteCount;
        }

        Assert.Equal((nuint)0, committed);
        Assert.Equal((nuint)0, system.ReservedByteCount);
    }

    [Fact]
    public void No_mapping_lies_across_two_reservations()
    {
        SimulatedPlatform system = new(Windows);
        using VmMap map = Make(system, byteCount: 8 * Granule, maxByteCount: 256 << 20);
        using MemoryObjectHandle source = MakeSource(system);
        map.FindFixed(map.MinAddress, 5 * Granule, VmEntryAttributes.Reserved).ThrowIfFailed();
        nuint seam = map.ReservedEnd;
        map.MapObject(40 * Granule, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 0, out nuint large).ThrowIfFailed();
        Assert.True(large >= seam);
        map.MapObject(3 * Granule, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 0, out nuint small).ThrowIfFailed();
        Assert.Equal(seam - (3 * Granule), small);
        using MirroredBuffer ring = new(new MirroredBufferOptions { ByteCount = 32 * Granule, Map = map });
        map.Remove(small, 3 * Granule).ThrowIfFailed();
        map.Remove(large, 40 * Granule).ThrowIfFailed();
        map.FindFixed(seam - Granule, 2 * Granule, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        Assert.Equal(
            VmResult.NoSpace,
            map.MapObjectFixed(seam - Granule, 2 * Granule, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true));
        map.Validate();
    }

    [Fact]
    public void What_is_built_on_objects_works_in_such_a_map()
    {
        SimulatedPlatform system = new(Windows);
        using VmMap map = Make(system, byteCount: 64 * Granule);
        string empty = system.ToString();
        using (MirroredBuffer ring = new(new MirroredBufferOptions { ByteCount = 2 * Granule, Map = map }))
        using (DualMapping code = new(new DualMappingOptions { ByteCount = Granule, Map = map }))
        {
            Assert.True(map.GetStatistics().CommittedByteCount >= 4 * Granule);
        }

        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        Assert.Equal(empty, system.ToString());
        Assert.Equal(0, system.OpenHandleCount);
    }

    [Fact]
    public void Every_refusal_leaves_entries_and_mappings_as_they_were()
    {
        Dictionary<string, Func<VmMap, MemoryObjectHandle, VmResult>> acts = new()
        {
            ["map"] = (map, source) => map.MapObject(Granule, 1, source, Granule, PageProtection.Read, MappingSharing.Shared, 1, out _),
            ["map with growth"] = (map, source) => map.MapObject(16 * Granule, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 1, out _),
            ["replace memory"] = (map, source) => map.MapObjectFixed(
                map.MinAddress, Granule, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true),
            ["replace an object"] = (map, source) => map.MapObjectFixed(
                map.MinAddress + (2 * Granule), 2 * Granule, source, 0, PageProtection.Read, MappingSharing.CopyOnWrite, replace: true),
            ["replace memory and objects"] = (map, source) => map.MapObjectFixed(
                map.MinAddress, 5 * Granule, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, replace: true),
            ["remove an object"] = (map, _) => map.Remove(map.MinAddress + (2 * Granule), 2 * Granule),
            ["remove all"] = (map, _) => map.Remove(map.MinAddress, 8 * Granule),
            ["protect all"] = (map, _) => map.Protect(map.MinAddress, 5 * Granule, PageProtection.Read),
            ["protect parts"] = (map, _) => map.Protect(map.MinAddress + Page, 4 * Granule, PageProtection.None),
            ["wire all"] = (map, _) => map.Wire(map.MinAddress, 5 * Granule),
            ["synchronize"] = (map, _) => map.Synchronize(map.MinAddress, 5 * Granule),
            ["commit below an object"] = (map, _) => map.Find(Granule, 1, 1, VmEntryAttributes.ReadWrite with { Tag = 7 }, out nuint _),
        };
        foreach ((string name, Func<VmMap, MemoryObjectHandle, VmResult> act) in acts)
        {
            FaultSweepReport report = FaultSweep.Run(
                platform => new SweptState(platform),
                state => act(state.Map, state.Source).IsSuccess,
                (state, succeeded) => state.Verify(succeeded),
                new FaultSweepOptions
                {
                    Patterns = ObjectSystems.Survivable,
                    CreatePlatform = static () => new SimulatedPlatform(Windows),
                });
            Assert.True(report.InjectedCount > 0, name);
        }
    }

    private static VmMap Make(VmPlatform platform, nuint byteCount = 8 * Granule, nuint maxByteCount = 0) => new(new VmMapOptions
    {
        ByteCount = byteCount,
        MaxByteCount = maxByteCount,
        IsGrowable = maxByteCount != 0,
        Placement = Placement.At(0x4000_0000),
        Platform = platform,
        TakesObjects = true,
    });

    private static MemoryObjectHandle MakeSource(VmPlatform platform)
    {
        platform.CreateSharedMemory(64 * Granule, "views", out MemoryObjectHandle? handle).ThrowIfRefused();
        return handle!;
    }

    /// <summary>Memory, an object, an object of two entries, and memory again, in the first five granules.</summary>
    private sealed class SweptState : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly string _before;

        public SweptState(VmPlatform platform)
        {
            _platform = platform;
            Map = Make(platform, maxByteCount: 16 << 20);
            Source = MakeSource(platform);
            Map.FindFixed(Map.MinAddress, Granule, VmEntryAttributes.ReadWrite).ThrowIfFailed();
            Map.MapObjectFixed(
                Map.MinAddress + Granule, Granule, Source, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfFailed();
            Map.MapObjectFixed(
                Map.MinAddress + (2 * Granule), 2 * Granule, Source, 0, PageProtection.ReadWrite, MappingSharing.CopyOnWrite).ThrowIfFailed();
            Map.Protect(Map.MinAddress + (3 * Granule), Page, PageProtection.Read).ThrowIfFailed();
            Map.FindFixed(Map.MinAddress + (4 * Granule), Granule, VmEntryAttributes.ReadWrite with { Tag = 2 }).ThrowIfFailed();
            _before = Picture();
        }

        public VmMap Map { get; }

        public MemoryObjectHandle Source { get; }

        public void Verify(bool succeeded)
        {
            Map.Validate();
            if (!succeeded)
            {
                Assert.Equal(_before, Picture());
            }
        }

        public void Dispose()
        {
            Source.Dispose();
            Map.Dispose();
        }

        // Pages that were locked for a moment may stay resident.
        private string Picture()
        {
            using VmMapLockScope scope = Map.EnterReadLock();
            string pages = ObjectSystems.SystemOf(_platform).ToString().Replace(" resident", "", StringComparison.Ordinal);
            List<string> lines = [pages];
            foreach (VmEntry entry in Map.GetEntries())
            {
                lines.Add($"{entry} object={entry.Attributes.ObjectId} wired={entry.Attributes.WiredCount}");
            }

            return string.Join('\n', lines);
        }
    }
}

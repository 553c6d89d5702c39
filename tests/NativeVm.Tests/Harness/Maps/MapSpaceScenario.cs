using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Maps;

/// <summary>Entries made, found and removed.</summary>
public sealed class MapSpaceScenario : MapScenario
{
    private static readonly VmEntryAttributes ReadWrite = VmEntryAttributes.ReadWrite with { Tag = 99 };

    [Covers(typeof(VmMap), nameof(VmMap.Insert))]
    public static bool Insert(MapState state)
    {
        using VmMapLockScope scope = state.Map.EnterWriteLock();
        return state.Map.Insert(state.At(200), 3 * Page, ReadWrite).IsSuccess;
    }

    [Covers(typeof(VmMap), nameof(VmMap.Delete))]
    public static bool Delete(MapState state)
    {
        using VmMapLockScope scope = state.Map.EnterWriteLock();
        return state.Map.Delete(state.At(1), Page).IsSuccess;
    }

    [Covers(typeof(VmMap), nameof(VmMap.Remove))]
    public static bool RemovePart(MapState state) => state.Map.Remove(state.At(1), Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Remove))]
    public static bool RemoveOverTheSeam(MapState state) => state.Map.Remove(state.Seam - Page, 2 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Remove))]
    public static bool RemoveAll(MapState state) =>
        state.Map.Remove(state.Map.MinAddress, state.Map.MaxAddress - state.Map.MinAddress).IsSuccess;

    [Covers(typeof(VmMap), "Find(nuint, VmEntryAttributes, nuint)")]
    public static bool Find(MapState state) => state.Map.Find(5 * Page, ReadWrite, out _).IsSuccess;

    [Covers(typeof(VmMap), "Find(nuint, VmEntryAttributes, nuint)")]
    public static bool FindWithGrowth(MapState state) => state.Map.Find(20 * MapState.MiB, ReadWrite, out _).IsSuccess;

    [Covers(typeof(VmMap), "Find(nuint, VmEntryAttributes, nuint)")]
    public static bool FindOverWhatIsForeign(MapState state) => state.Map.Find(30 * MapState.MiB, ReadWrite, out _).IsSuccess;

    [Covers(typeof(VmMap), "Find(nuint, VmEntryAttributes, nuint)")]
    public static bool FindTransparentHugePages(MapState state) => state.Map.Find(
        2 * MapState.Huge, ReadWrite with { HugePages = VmHugePages.Transparent }, out _).IsSuccess;

    [Covers(typeof(VmMap), "Find(nuint, nuint, nuint, VmEntryAttributes, nuint, FindSpaceFlags)")]
    public static bool FindFromAStart(MapState state) =>
        state.Map.Find(state.At(200), 5 * Page, MapState.MiB, ReadWrite, out _).IsSuccess;

    [Covers(typeof(VmMap), "Find(SpaceRequest, VmEntryAttributes, nuint)")]
    public static bool FindWithGuards(MapState state) => state.Map.Find(
        new SpaceRequest(3 * Page) { GuardBefore = Page, GuardAfter = 2 * Page }, ReadWrite, out _).IsSuccess;

    [Covers(typeof(VmMap), "Find(SpaceRequest, VmEntryAttributes, nuint)")]
    public static bool FindWithGuardsAndGrowth(MapState state) => state.Map.Find(
        new SpaceRequest(20 * MapState.MiB) { GuardBefore = Page, GuardAfter = Page }, ReadWrite, out _).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.FindFixed))]
    public static bool FindFixed(MapState state) => state.Map.FindFixed(state.At(200), 3 * Page, ReadWrite).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.FindFixed))]
    public static bool FindFixedFarAbove(MapState state) =>
        state.Map.FindFixed(state.Map.MinAddress + (60 * MapState.MiB), Page, ReadWrite).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.FindFixed))]
    public static bool FindFixedWithoutAccess(MapState state) =>
        state.Map.FindFixed(state.At(200), 3 * Page, ReadWrite with { Protection = PageProtection.None }).IsSuccess;

    [Covers(typeof(VmMap), "TryFindSpace(nuint, nuint, nuint, FindSpaceFlags, nuint)")]
    public static bool FindSpace(MapState state)
    {
        using VmMapLockScope scope = state.Map.EnterWriteLock();
        return state.Map.TryFindSpace(0, 20 * MapState.MiB, 1, FindSpaceFlags.None, out _);
    }

    [Covers(typeof(VmMap), nameof(VmMap.TryFindSpaceFromHint))]
    public static bool FindSpaceFromHint(MapState state)
    {
        using VmMapLockScope scope = state.Map.EnterWriteLock();
        return state.Map.TryFindSpaceFromHint(state.Seam, 20 * MapState.MiB, 1, FindSpaceFlags.None, out _);
    }

    [Covers(typeof(VmMap), "TryFindSpace(SpaceRequest, nuint)")]
    public static bool FindSpaceByRequest(MapState state)
    {
        using VmMapLockScope scope = state.Map.EnterWriteLock();
        return state.Map.TryFindSpace(new SpaceRequest(20 * MapState.MiB) { Alignment = MapState.MiB, Phase = Page }, out _);
    }

    [Covers(typeof(VmMap), nameof(VmMap.FindStack))]
    public static bool FindStack(MapState state) => state.Map.FindStack(12 * MapState.MiB, Page, Page, 77, out _).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.GrowStack))]
    public static bool GrowStack(MapState state) => state.Map.GrowStack(state.StackBottom - (3 * Page)).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.ShrinkStack))]
    public static bool ShrinkStack(MapState state) => state.Map.ShrinkStack(state.StackBottom + Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.CreateSubmap))]
    public static bool CreateSubmap(MapState state)
    {
        VmResult result = state.Map.CreateSubmap(state.At(80), 32 * Page, out VmMap? submap);
        state.Submap = submap;
        return result.IsSuccess;
    }

    [Covers(typeof(VmMap), nameof(VmMap.FindSubmap))]
    public static bool FindSubmap(MapState state)
    {
        VmResult result = state.Map.FindSubmap(20 * MapState.MiB, 1, out VmMap? submap);
        state.Submap = submap;
        return result.IsSuccess;
    }

    [EndsState]
    [Covers(typeof(VmMap), nameof(VmMap.Dispose))]
    public static bool Dispose(MapState state)
    {
        state.Map.Dispose();
        return true;
    }
}

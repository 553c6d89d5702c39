using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Maps;

/// <summary>Objects in a map, and memory nodes: what only some systems have.</summary>
public sealed class MapObjectScenario : MapScenario
{
    public override FaultSystems Systems => FaultSystems.PosixLike;

    [Covers(typeof(VmMap), nameof(VmMap.MapObject))]
    public static bool MapObject(MapState state) => state.Map.MapObject(
        8 * Page, 1, state.Source!, 0, PageProtection.ReadWrite, MappingSharing.Shared, 3, out _).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.MapObject))]
    public static bool MapObjectWithGrowth(MapState state) => state.Map.MapObject(
        64 * Page, 32 * MapState.MiB, state.Source!, 0, PageProtection.Read, MappingSharing.CopyOnWrite, 3, out _).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.MapObjectFixed))]
    public static bool MapObjectFixed(MapState state) => state.Map.MapObjectFixed(
        state.At(200), 8 * Page, state.Source!, 0, PageProtection.Read, MappingSharing.Shared).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.MapObjectFixed))]
    public static bool ReplaceByObject(MapState state) => state.Map.MapObjectFixed(
        state.At(2), 4 * Page, state.Source!, 8 * Page, PageProtection.Read, MappingSharing.Shared, replace: true).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Synchronize))]
    public static bool Synchronize(MapState state) => state.Map.Synchronize(state.At(160), 8 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Protect))]
    public static bool ProtectPartOfAnObject(MapState state) =>
        state.Map.Protect(state.At(161), Page, PageProtection.Read).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Remove))]
    public static bool RemovePartOfAnObject(MapState state) => state.Map.Remove(state.At(161), Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.SetPreferredNode))]
    public static bool PreferANode(MapState state) => state.Map.SetPreferredNode(state.At(1), 30 * Page, 2).IsSuccess;
}

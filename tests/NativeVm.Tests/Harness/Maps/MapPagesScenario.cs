using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Maps;

/// <summary>Pages committed, protected, wired, advised, guarded, given back.</summary>
public sealed class MapPagesScenario : MapScenario
{
    [Covers(typeof(VmMap), nameof(VmMap.Commit))]
    public static bool Commit(MapState state) => state.Map.Commit(state.At(0), 12 * Page, PageProtection.ReadWrite).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Commit))]
    public static bool CommitPart(MapState state) => state.Map.Commit(state.At(6), 2 * Page, PageProtection.Read).IsSuccess;

    [Covers(typeof(VmMap), "Decommit(nuint, nuint)")]
    public static bool Decommit(MapState state) => state.Map.Decommit(state.At(0), 20 * Page).IsSuccess;

    [Covers(typeof(VmMap), "Decommit(nuint, nuint)")]
    public static bool DecommitPart(MapState state) => state.Map.Decommit(state.At(15), Page).IsSuccess;

    [Covers(typeof(VmMap), "Decommit(nuint, nuint, GiveBackFlags)")]
    public static bool DecommitPartOfAHugePage(MapState state) =>
        state.Map.Decommit(state.Large + Page, Page, GiveBackFlags.SplitHugePages).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Protect))]
    public static bool Protect(MapState state) =>
        state.Map.Protect(state.At(13), 40 * Page, PageProtection.ReadExecute).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Protect))]
    public static bool ProtectPart(MapState state) => state.Map.Protect(state.At(1), Page, PageProtection.None).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Protect))]
    public static bool ProtectOverTheSeam(MapState state) =>
        state.Map.Protect(state.Seam - Page, 2 * Page, PageProtection.Read).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.ProtectMaximum))]
    public static bool ProtectMaximum(MapState state) =>
        state.Map.ProtectMaximum(state.At(0), 12 * Page, PageProtection.Read).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Wire))]
    public static bool Wire(MapState state) => state.Map.Wire(state.At(15), 2 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Wire))]
    public static bool WireOverTheSeam(MapState state) => state.Map.Wire(state.Seam - (2 * Page), 4 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Unwire))]
    public static bool Unwire(MapState state) => state.Map.Unwire(state.At(20), Page).IsSuccess;

    [Covers(typeof(VmMap), "Advise(nuint, nuint, VmAdvice)")]
    public static bool Advise(MapState state) => state.Map.Advise(state.At(0), 17 * MapState.MiB, VmAdvice.WillNeed).IsSuccess;

    [Covers(typeof(VmMap), "Advise(nuint, nuint, VmAdvice)")]
    public static bool AdviseDontNeed(MapState state) => state.Map.Advise(state.At(0), 20 * Page, VmAdvice.DontNeed).IsSuccess;

    [Covers(typeof(VmMap), "Advise(nuint, nuint, VmAdvice, GiveBackFlags)")]
    public static bool AdvisePartOfAHugePage(MapState state) =>
        state.Map.Advise(state.Large + Page, Page, VmAdvice.DontNeed, GiveBackFlags.SplitHugePages).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Guard))]
    public static bool Guard(MapState state) => state.Map.Guard(state.At(15), 3 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Guard))]
    public static bool GuardOverTheSeam(MapState state) => state.Map.Guard(state.Seam - (2 * Page), 4 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Unguard))]
    public static bool Unguard(MapState state) => state.Map.Unguard(state.At(24), 8 * Page).IsSuccess;

    [Covers(typeof(VmMap), nameof(VmMap.Inherit))]
    public static bool Inherit(MapState state) => state.Map.Inherit(state.At(1), 2 * Page, PageInheritance.None).IsSuccess;
}

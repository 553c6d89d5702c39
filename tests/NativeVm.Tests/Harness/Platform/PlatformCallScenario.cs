using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Platform;

/// <summary>Every call of a platform, refused: nothing has changed, and it succeeds the next time.</summary>
public sealed class PlatformCallScenario : NativeScenario<PlatformCallState>
{
    public override FaultSystems Systems => FaultSystems.PosixLike;

    public override VmPlatform CreatePlatform(FaultSystems system) => new SimulatedPlatform(SimulatedPlatformOptions.PosixLike with
    {
        NumaNodeCount = 4,
        HugePagePoolByteCount = 4 * PlatformCallState.Huge,
        Capabilities = SimulatedPlatformOptions.PosixLike.Capabilities | PlatformCapabilities.ExplicitHugePages,
    });

    public override PlatformCallState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(PlatformCallState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Reserve))]
    public static bool Reserve(PlatformCallState state) => state.Reserve(Placement.Anywhere, state.Page);

    [Covers(typeof(VmPlatform), nameof(VmPlatform.ReservePlaceholder))]
    public static bool ReservePlaceholder(PlatformCallState state) => state.Keep(
        state.Calls.ReservePlaceholder(state.Page, Placement.Anywhere, out nuint address), address, state.Page);

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Release))]
    public static bool Release(PlatformCallState state) =>
        state.Forget(state.Calls.Release(state.Start, PlatformCallState.ByteCount));

    [Covers(typeof(VmPlatform), nameof(VmPlatform.ReleaseTail))]
    public static bool ReleaseTail(PlatformCallState state) => state.Forget(
        state.Calls.ReleaseTail(state.Start, PlatformCallState.ByteCount, 64 * state.Page), 64 * state.Page);

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Commit))]
    public static bool Commit(PlatformCallState state) =>
        state.Calls.Commit(state.Start + (20 * state.Page), state.Page, PageProtection.Read).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.CommitHugePages))]
    public static bool CommitHugePages(PlatformCallState state) => state.Calls.CommitHugePages(
        state.Start + PlatformCallState.Huge, PlatformCallState.Huge, PageProtection.ReadWrite, RangeTraits.None).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Decommit))]
    public static bool Decommit(PlatformCallState state) => state.Calls.Decommit(state.Start, 2 * state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Purge))]
    public static bool Purge(PlatformCallState state) => state.Calls.Purge(state.Start + state.Page, state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Protect))]
    public static bool Protect(PlatformCallState state) =>
        state.Calls.Protect(state.Start + state.Page, state.Page, PageProtection.Read).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Advise))]
    public static bool Advise(PlatformCallState state) =>
        state.Calls.Advise(state.Start + state.Page, state.Page, PageAdvice.Sequential).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.ExcludeFromCoreDumps))]
    public static bool ExcludeFromCoreDumps(PlatformCallState state) =>
        state.Calls.ExcludeFromCoreDumps(state.Start + state.Page, state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Prefault))]
    public static bool Prefault(PlatformCallState state) => state.Calls.Prefault(state.Start + state.Page, state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Lock))]
    public static bool Lock(PlatformCallState state) => state.Calls.Lock(state.Start + state.Page, state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Unlock))]
    public static bool Unlock(PlatformCallState state) => state.Calls.Unlock(state.Start, state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.InstallGuard))]
    public static bool InstallGuard(PlatformCallState state) =>
        state.Calls.InstallGuard(state.Start + (2 * state.Page), state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.RemoveGuard))]
    public static bool RemoveGuard(PlatformCallState state) =>
        state.Calls.RemoveGuard(state.Start + (4 * state.Page), state.Page, PageProtection.ReadWrite).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.SetInheritance))]
    public static bool SetInheritance(PlatformCallState state) => state.Calls.SetInheritance(
        state.Start + state.Page, state.Page, PageInheritance.None, MappingSharing.CopyOnWrite).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.SetPreferredNode))]
    public static bool SetPreferredNode(PlatformCallState state) =>
        state.Calls.SetPreferredNode(state.Start + state.Page, state.Page, 2).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Query))]
    public static bool Query(PlatformCallState state) => state.Calls.Query(state.Start, out _).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.QueryResident))]
    public static bool QueryResident(PlatformCallState state) =>
        state.Calls.QueryResident(state.Start, state.Page, out _).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.CountMappings))]
    public static bool CountMappings(PlatformCallState state) =>
        state.Calls.CountMappings(state.Start, PlatformCallState.ByteCount, out _).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.QueryProcess))]
    public static bool QueryProcess(PlatformCallState state) => state.Calls.QueryProcess(out _).IsSuccess;
}

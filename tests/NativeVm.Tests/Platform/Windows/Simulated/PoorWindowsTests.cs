using System.Runtime.Versioning;
using NativeVm.Platform;
using NativeVm.Platform.Windows;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>What is left on a Windows that lacks what newer ones have, and what it says of it.</summary>
[Collection(SimulatedWindows.Collection)]
[SupportedOSPlatform("windows10.0")]
public sealed class PoorWindowsTests
{
    private const nuint Granule = SimulatedWindows.Granularity;

    [CapabilityFact(Needs.Posix)]
    public void What_is_missing_is_found_out_by_trying()
    {
        using SimulatedWindows system = Poor();
        WindowsPlatform platform = new(system);
        Assert.Equal(WindowsFeatures.Prefetch, platform.Features);
        Assert.Equal(PlatformCapabilities.None, platform.Capabilities);
        Assert.Equal((nuint)0, platform.HugePageSize);
        Assert.Equal(1, platform.NumaNodeCount);
        Assert.False(platform.Supports(PageAdvice.ExcludeFromCoreDumps));
        Assert.Equal(0, system.OpenHandleCount);
        platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        Assert.Equal(system.ForeignCount, memory.MappingCount);
    }

    [CapabilityFact(Needs.Posix)]
    public void A_placeholder_that_can_be_split_and_not_replaced_is_none()
    {
        using SimulatedWindows system = new() { CannotReplace = true };
        WindowsPlatform platform = new(system);
        Assert.False(platform.Supports(PlatformCapabilities.Placeholders));
        Assert.False(platform.Supports(PlatformCapabilities.ExplicitHugePages));
        platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        Assert.Equal(system.ForeignCount, memory.MappingCount);
    }

    [CapabilityFact(Needs.Posix)]
    public void Every_probe_survives_the_refusal_of_any_of_its_calls()
    {
        int call = 1;
        for (bool hasRefused = true; hasRefused; call++)
        {
            using SimulatedWindows system = new() { RefusalError = 8 };
            system.RefuseCall(call);
            WindowsPlatform platform = new(system);
            hasRefused = system.HasRefused;
            system.RefuseCall(0);
            Assert.True(call < 100, "It does not end.");
            Assert.Equal(0, system.OpenHandleCount);
            platform.Reserve(Granule, Placement.Below((nuint)1 << 31), out nuint address).ThrowIfRefused();
            platform.Commit(address, Granule, PageProtection.ReadWrite).ThrowIfRefused();
            platform.Purge(address, Granule).ThrowIfRefused();
            platform.Release(address, Granule).ThrowIfRefused();
        }

        Assert.True(call > 20);
    }

    [CapabilityFact(Needs.Posix)]
    public void What_needs_placeholders_is_refused_and_the_rest_works()
    {
        using SimulatedWindows system = Poor();
        WindowsPlatform platform = new(system);
        Assert.Equal(
            (RefusalReason.NotSupported, SystemOperation.ReservePlaceholder),
            About(platform.ReservePlaceholder(Granule, Placement.Anywhere, out _)));
        using PlatformRange range = PlatformRange.Commit(platform, 4 * Granule, Placement.Aligned((nuint)1 << 32));
        range.Bytes().Fill(1);
        Assert.Equal(
            (RefusalReason.NotSupported, SystemOperation.CommitHugePages),
            About(platform.CommitHugePages(range.Address, Granule, PageProtection.Read)));
        Assert.Equal((RefusalReason.NotSupported, SystemOperation.UnmapObject), About(platform.UnmapObject(range.Address, Granule)));
        Assert.Equal(
            (RefusalReason.NotSupported, SystemOperation.Advise),
            About(platform.Advise(range.Address, Granule, PageAdvice.ExcludeFromCoreDumps)));
        Assert.Equal(
            (RefusalReason.NotSupported, SystemOperation.QueryCopiedPages),
            About(platform.QueryCopiedPages(range.Address, Granule, new ulong[1])));
        Assert.Equal(
            (RefusalReason.NotSupported, SystemOperation.ReleaseTail),
            About(platform.ReleaseTail(range.Address, 4 * Granule, Granule)));
        platform.Purge(range.Address, Granule).ThrowIfRefused();
        platform.Advise(range.Address, Granule, PageAdvice.Free).ThrowIfRefused();
        platform.Decommit(range.Address, 4 * Granule).ThrowIfRefused();
        platform.Reserve(Granule, Placement.Between(range.End, range.End + (4 * Granule)), out nuint above).ThrowIfRefused();
        Assert.InRange(above, range.End, range.End + (3 * Granule));
        platform.Release(above, Granule).ThrowIfRefused();
    }

    [CapabilityFact(Needs.Posix)]
    public void Unlocking_passes_over_what_is_not_locked_and_locking_ends_at_the_working_set()
    {
        using SimulatedWindows system = new();
        WindowsPlatform platform = new(system);
        nuint page = platform.PageSize;
        using PlatformRange range = PlatformRange.Commit(platform, 64 * Granule);
        for (nuint i = 0; i < 20; i++)
        {
            platform.Lock(range.Address + (i * 50 * page), (i + 1) * page).ThrowIfRefused();
        }

        Assert.Equal(210, system.LockedPageCount);
        platform.Unlock(range.Address, range.ByteCount).ThrowIfRefused();
        Assert.Equal(0, system.LockedPageCount);
        platform.Unlock(range.Address, range.ByteCount).ThrowIfRefused();
        SystemReply reply = platform.Lock(range.Address, range.ByteCount);
        Assert.Equal(RefusalReason.None, reply.Reason);
        platform.Unlock(range.Address, range.ByteCount).ThrowIfRefused();
        system.LockLimit = 10;
        reply = platform.Lock(range.Address, 11 * page);
        Assert.Equal((RefusalReason.LockLimit, 1453), (reply.Reason, reply.ErrorNumber));
        Assert.Equal(0, system.LockedPageCount);
        platform.Lock(range.Address, 10 * page).ThrowIfRefused();
        platform.Decommit(range.Address, Granule).ThrowIfRefused();
        Assert.Equal(RefusalReason.InvalidRange, platform.Lock(range.Address, page).Reason);
        Assert.Equal(RefusalReason.InvalidRange, platform.Prefault(range.Address, Granule).Reason);
    }

    [CapabilityFact(Needs.Posix)]
    public void Blocks_left_out_of_crash_dumps_are_taken_back_when_one_too_many_is_refused()
    {
        nuint gib = (nuint)1 << 30;
        using SimulatedWindows system = new() { ExclusionLimit = 2 };
        WindowsPlatform platform = new(system);
        using PlatformRange range = PlatformRange.Reserve(platform, 10 * gib);
        SystemReply reply = platform.ExcludeFromCoreDumps(range.Address, 10 * gib);
        Assert.Equal((RefusalReason.Other, 0), (reply.Reason, system.ExclusionCount));
        platform.ExcludeFromCoreDumps(range.Address, 5 * gib).ThrowIfRefused();
        Assert.Equal(2, system.ExclusionCount);
        platform.Advise(range.Address, 5 * gib, PageAdvice.IncludeInCoreDumps).ThrowIfRefused();
        Assert.Equal(0, system.ExclusionCount);
        using (PlatformRange other = PlatformRange.Reserve(platform, Granule))
        {
            platform.ExcludeFromCoreDumps(other.Address, Granule).ThrowIfRefused();
        }

        Assert.Equal(0, system.ExclusionCount);
    }

    [CapabilityFact(Needs.Posix)]
    public void Long_paths_and_files_of_other_platforms_are_told_apart()
    {
        using SimulatedWindows system = new();
        WindowsPlatform platform = new(system);
        string path = Path.Combine(Path.GetTempPath(), new string('x', 300));
        Assert.Equal(RefusalReason.NotFound, platform.OpenFile(path, MemoryObjectAccess.Read, 0, out _).Reason);
        Assert.StartsWith(@"\\?\", system.LastPath, StringComparison.Ordinal);
        VmPlatform.Current.CreateSharedMemory(Granule, "", out MemoryObjectHandle? alien).ThrowIfRefused();
        Assert.Throws<ArgumentException>(() => platform.GetObjectByteCount(alien!, out _));
        alien!.Dispose();
    }

    private static (RefusalReason Reason, SystemOperation Operation) About(SystemReply reply) => (reply.Reason, reply.Operation);

    private static SimulatedWindows Poor() => new()
    {
        HasPlaceholders = false,
        HasDiscard = false,
        HasErrorReporting = false,
        HasLargePages = false,
        HasSections = false,
        HeedsRequirements = false,
        NodeCount = 0,
    };
}

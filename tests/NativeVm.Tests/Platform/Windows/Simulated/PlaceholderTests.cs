using System.Runtime.Versioning;
using NativeVm.Platform;
using NativeVm.Platform.Windows;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>What only placeholders can do, and what is left when a Windows refuses in the middle of it.</summary>
[Collection(SimulatedWindows.Collection)]
[SupportedOSPlatform("windows10.0")]
public sealed class PlaceholderTests
{
    private const nuint Granule = SimulatedWindows.Granularity;

    [CapabilityFact(Needs.Posix)]
    public void Objects_and_pages_share_a_reservation_and_it_is_released_as_one()
    {
        using SimulatedWindows system = new();
        WindowsPlatform platform = new(system);
        platform.CreateSharedMemory(4 * Granule, "", out MemoryObjectHandle? memory).ThrowIfRefused();
        nuint address = Fill(platform, memory!);
        AssertState(platform, address, ".MM...CC....");

        // Over committed and reserved pages alike, and never over the end of a view.
        platform.Commit(address + (4 * Granule), 8 * Granule, PageProtection.Read).ThrowIfRefused();
        AssertState(platform, address, ".MM.CCCCCCCC");
        platform.Protect(address + (4 * Granule), 8 * Granule, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Purge(address + (4 * Granule), 8 * Granule).ThrowIfRefused();
        platform.Advise(address + (4 * Granule), 8 * Granule, PageAdvice.Free).ThrowIfRefused();
        platform.Decommit(address + (5 * Granule), 6 * Granule).ThrowIfRefused();
        AssertState(platform, address, ".MM.C......C");
        Assert.Equal(RefusalReason.InvalidRange, platform.Purge(address + (4 * Granule), 8 * Granule).Reason);
        Assert.Equal(
            RefusalReason.InvalidRange, platform.Protect(address + (4 * Granule), 8 * Granule, PageProtection.Read).Reason);
        platform.UnmapObject(address + Granule, 2 * Granule).ThrowIfRefused();
        platform.Release(address, 12 * Granule).ThrowIfRefused();
        memory!.Dispose();
        platform.Query(address, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageState.Free, region.State);
        Assert.Equal(0, system.OpenHandleCount);
    }

    [CapabilityTheory(Needs.Posix)]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Every_refused_call_leaves_the_states_as_they_were_and_the_repeated_operation_succeeds(bool splits, int row)
    {
        using SimulatedWindows system = new() { SplitsReplacements = splits };
        WindowsPlatform platform = new(system);
        platform.CreateSharedMemory(4 * Granule, "", out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle memory = handle!;
        Check(4, 8, 'C', at => platform.Commit(at, 8 * Granule, PageProtection.ReadWrite));
        Check(3, 2, 'C', at => platform.Commit(at, 2 * Granule, PageProtection.Read));
        Check(3, 2, 'M', at => Map(at, PageProtection.Read, MappingSharing.Shared));
        Check(4, 2, 'M', at => Map(at, PageProtection.ReadWrite, MappingSharing.CopyOnWrite));
        Check(1, 2, '.', at => platform.UnmapObject(at, 2 * Granule));
        Check(6, 1, '.', at => platform.Decommit(at, Granule));
        Check(6, 1, 'C', at => platform.Lock(at, Granule));
        Check(6, 1, 'C', at => platform.Purge(at, Granule));

        SystemReply Map(nuint at, PageProtection protection, MappingSharing sharing) =>
            platform.MapObject(at, 2 * Granule, memory, 0, protection, sharing);

        void Check(int first, int count, char becomes, Func<nuint, SystemReply> operation) =>
            Sweep(system, platform, memory, row, at => operation(at + ((nuint)first * Granule)), first, count, becomes);
    }

    [CapabilityFact(Needs.Posix)]
    public void A_refused_reservation_leaves_no_address_taken()
    {
        using SimulatedWindows system = new() { RefusalError = 8 };
        WindowsPlatform platform = new(system);
        foreach (Placement placement in new[]
        {
            Placement.Anywhere, Placement.Aligned((nuint)1 << 30), Placement.Below((nuint)1 << 31), Placement.Within(1 << 30, 1 << 30),
        })
        {
            for (int call = 1; ; call++)
            {
                system.RefuseCall(call);
                SystemReply reply = platform.ReservePlaceholder(4 * Granule, placement, out nuint address);
                bool hasRefused = system.HasRefused;
                system.RefuseCall(0);
                if (reply.IsSuccess)
                {
                    platform.Release(address, 4 * Granule).ThrowIfRefused();
                    if (!hasRefused)
                    {
                        break;
                    }

                    continue;
                }

                Assert.Equal(0u, address);
            }

            platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
            Assert.Equal(system.ForeignCount, memory.MappingCount);
        }
    }

    // Two granules of an object after the first one, and two committed ones from the seventh on.
    private static nuint Fill(WindowsPlatform platform, MemoryObjectHandle memory)
    {
        platform.ReservePlaceholder(12 * Granule, Placement.Anywhere, out nuint address).ThrowIfRefused();
        platform.MapObject(address + Granule, 2 * Granule, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfRefused();
        platform.Commit(address + (6 * Granule), 2 * Granule, PageProtection.ReadWrite).ThrowIfRefused();
        return address;
    }

    private static void Sweep(
        SimulatedWindows system,
        WindowsPlatform platform,
        MemoryObjectHandle memory,
        int row,
        Func<nuint, SystemReply> operation,
        int first,
        int count,
        char becomes)
    {
        for (int call = 1; ; call++)
        {
            nuint address = Fill(platform, memory);
            system.RefuseCall(call, row);
            SystemReply reply = operation(address);
            bool hasRefused = system.HasRefused;
            system.RefuseCall(0);
            if (reply.IsRefused)
            {
                Assert.True(hasRefused, reply.ToString());
                AssertState(platform, address, ".MM...CC....");
                operation(address).ThrowIfRefused();
            }

            char[] after = [.. ".MM...CC...."];
            after.AsSpan(first, count).Fill(becomes);
            AssertState(platform, address, new(after));
            platform.Release(address, 12 * Granule).ThrowIfRefused();
            if (!hasRefused)
            {
                break;
            }
        }

        Assert.Equal(0, system.LockedPageCount);
    }

    private static void AssertState(WindowsPlatform platform, nuint address, string states)
    {
        string found = string.Concat(Enumerable.Range(0, states.Length).Select(i =>
        {
            platform.Query(address + ((nuint)i * Granule), out RegionInfo region).ThrowIfRefused();
            return region.State == PageState.Reserved ? '.' : 'C';
        }));
        Assert.Equal(states.Replace('M', 'C'), found);
    }
}

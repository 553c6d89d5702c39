using System.Collections.Concurrent;
using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows;

public class WindowsPlacementTests
{
    private const nuint Granule = 65536;
    private static readonly nuint FourGiB = (nuint)1 << 32;

    private static VmPlatform Platform => VmPlatform.Current;

    [WindowsFact]
    public void The_granularity_is_64_KiB_and_the_bounds_are_whole_granules()
    {
        Assert.Equal(Granule, Platform.AllocationGranularity);
        Assert.True(nuint.IsPow2(Platform.PageSize));
        Assert.Equal(0u, Platform.LowestAddress % Granule);
        Assert.Equal(0u, Platform.HighestAddress % Granule);
        Assert.True(Platform.LowestAddress < Platform.HighestAddress);
    }

    [WindowsFact]
    public void What_is_probed_agrees_with_itself()
    {
        Assert.StartsWith("windows-", Platform.Name, StringComparison.Ordinal);
        Assert.Equal(
            Platform.Supports(PlatformCapabilities.ExcludeFromCoreDumps), Platform.Supports(PageAdvice.ExcludeFromCoreDumps));
        const PlatformCapabilities Never = PlatformCapabilities.ReleaseTail
            | PlatformCapabilities.RangesSpanReservations
            | PlatformCapabilities.PurgeReadsZero
            | PlatformCapabilities.GuardRegions;
        Assert.Equal(PlatformCapabilities.None, Platform.Capabilities & Never);
        Assert.Equal(0u, Platform.MappingLimit);
    }

    [WindowsFact]
    public void A_range_that_ends_within_a_granule_takes_the_addresses_up_to_its_end()
    {
        using Reservation range = new(Platform.PageSize);
        Assert.Equal(0u, range.Address % Granule);
        Assert.Equal(new RegionInfo(range.Address, Platform.PageSize, PageState.Reserved, default), range.Query());
    }

    [WindowsFact]
    public void An_exact_place_that_is_taken_is_refused_and_what_is_there_stays()
    {
        using Reservation taken = new Reservation(4 * Granule).Commit();
        taken.Bytes.Fill(0xAB);
        SystemReply reply = Platform.Reserve(2 * Granule, Placement.At(taken.Address + Granule), out nuint address);
        Assert.Equal(RefusalReason.AddressInUse, reply.Reason);
        Assert.Equal(487, reply.ErrorNumber);
        Assert.Equal(taken.Address + Granule, reply.Address);
        Assert.Equal(0u, address);
        Assert.Equal(-1, taken.Bytes.IndexOfAnyExcept((byte)0xAB));
        Assert.Contains("487", reply.ToString(), StringComparison.Ordinal);
    }

    [WindowsFact]
    public void An_exact_place_above_or_below_the_address_space_is_refused()
    {
        Assert.Equal(
            RefusalReason.NoAddressSpace,
            Platform.Reserve(Granule, Placement.At(Platform.HighestAddress), out _).Reason);
        Assert.Equal(
            RefusalReason.NoAddressSpace,
            Platform.Reserve(2 * Granule, Placement.At(Platform.HighestAddress - Granule), out _).Reason);
        Assert.Equal(RefusalReason.NoAddressSpace, Platform.Reserve(Granule, Placement.At(0), out _).Reason);
    }

    [WindowsFact]
    public void Every_alignment_that_fits_the_address_space_is_kept()
    {
        for (nuint alignment = 4096; alignment <= (nuint)1 << 42; alignment <<= 1)
        {
            using Reservation range = new(3 * Platform.PageSize, Placement.Aligned(alignment));
            Assert.Equal(0u, range.Address % Math.Max(alignment, Granule));
        }
    }

    [WindowsFact]
    public void An_alignment_beyond_the_address_space_has_no_place() => Assert.Equal(
        RefusalReason.NoAddressSpace, Platform.Reserve(Granule, Placement.Aligned((nuint)1 << 63), out _).Reason);

    [WindowsFact]
    public void A_length_beyond_the_address_space_has_no_place()
    {
        Placement[] placements =
        [
            Placement.Anywhere, Placement.Aligned(FourGiB), Placement.Below(nuint.MaxValue), Placement.At(Granule),
        ];
        foreach (Placement placement in placements)
        {
            SystemReply reply = Platform.Reserve((nuint)1 << 62, placement, out nuint address);
            Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
            Assert.Equal(0u, address);
        }
    }

    [WindowsFact]
    public void Below_a_limit_the_last_byte_is_below_it()
    {
        foreach (nuint limit in new[] { FourGiB / 2, FourGiB, FourGiB * 256 })
        {
            foreach (nuint alignment in new nuint[] { 0, 1 << 20 })
            {
                using Reservation range = new(5 * Granule, Placement.Below(limit, alignment));
                Assert.True(range.Address + range.ByteCount <= limit);
                Assert.Equal(0u, range.Address % Math.Max(alignment, Granule));
            }
        }
    }

    [WindowsFact]
    public void Within_a_distance_every_byte_is_in_reach_of_a_32_bit_displacement()
    {
        nuint reach = FourGiB / 2;
        using Reservation origin = new(Granule);
        using Reservation range = new(16 * Granule, Placement.Within(origin.Address, reach));
        Assert.True(range.Address + reach >= origin.Address);
        Assert.True(range.Address + range.ByteCount <= origin.Address + reach);
    }

    [WindowsFact]
    public void Bounds_are_filled_to_the_last_granule_and_then_refused()
    {
        (nuint start, nuint end) = FreeWindow(8 * Granule);
        List<Reservation> ranges = [];
        try
        {
            for (int i = 0; i < 8; i++)
            {
                ranges.Add(new(Granule, Placement.Between(start, end)));
                Assert.InRange(ranges[^1].Address, start, end - Granule);
            }

            Assert.Equal(8, ranges.Select(range => range.Address).Distinct().Count());
            Assert.Equal(
                RefusalReason.NoAddressSpace, Platform.Reserve(Granule, Placement.Between(start, end), out _).Reason);
        }
        finally
        {
            ranges.ForEach(range => range.Dispose());
        }
    }

    [WindowsFact]
    public void Bounds_that_are_no_whole_granules_are_kept_to_the_byte()
    {
        (nuint start, _) = FreeWindow(4 * Granule);
        nuint pageSize = Platform.PageSize;
        using (Reservation range = new(pageSize, Placement.Between(start + 1, start + Granule + pageSize)))
        {
            Assert.Equal(start + Granule, range.Address);
        }

        Assert.Equal(
            RefusalReason.NoAddressSpace,
            Platform.Reserve(pageSize, Placement.Between(start + 1, start + Granule + pageSize - 1), out _).Reason);
    }

    [WindowsFact]
    public void Threads_that_want_the_same_bounds_get_each_place_once()
    {
        const int Places = 64;
        (nuint start, nuint end) = FreeWindow(Places * Granule);
        ConcurrentBag<nuint> got = [];
        ConcurrentBag<RefusalReason> refused = [];
        Parallel.For(0, Places + 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            SystemReply reply = Platform.Reserve(Granule, Placement.Between(start, end), out nuint address);
            if (reply.IsSuccess)
            {
                got.Add(address);
            }
            else
            {
                refused.Add(reply.Reason);
            }
        });
        foreach (nuint address in got)
        {
            Platform.Release(address, Granule).ThrowIfRefused();
        }

        Assert.Equal(Places, got.Count);
        Assert.Equal(Places, got.Distinct().Count());
        Assert.All(got, address => Assert.InRange(address, start, end - Granule));
        Assert.All(refused, reason => Assert.Equal(RefusalReason.NoAddressSpace, reason));
    }

    [WindowsFact]
    public void A_large_reservation_holds_no_memory()
    {
        // Not larger, because Wine keeps a byte for each page of it and looks at them one by one.
        using Reservation range = new(FourGiB * 16);
        Assert.Equal(0u, range.Resident());
        Assert.Equal(range.ByteCount, range.Query().ByteCount);
    }

    [WindowsFact]
    public void The_upper_part_of_a_reservation_stays_and_the_refusal_says_so()
    {
        using Reservation range = new(4 * Granule);
        SystemReply reply = Platform.ReleaseTail(range.Address, range.ByteCount, Granule);
        Assert.Equal(RefusalReason.NotSupported, reply.Reason);
        Assert.Equal(range.ByteCount, range.Query().ByteCount);
    }

    [WindowsFact]
    public void A_range_that_is_not_reserved_cannot_be_released()
    {
        (nuint start, _) = FreeWindow(Granule);
        SystemReply reply = Platform.Release(start, Granule);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Equal(SystemOperation.Release, reply.Operation);
    }

    // Far from where the system puts things by itself, so that the test has it to itself.
    private static (nuint Start, nuint End) FreeWindow(nuint byteCount)
    {
        Platform
            .Reserve(byteCount + Granule, Placement.Between(FourGiB << 10, FourGiB << 11, 1 << 20), out nuint address)
            .ThrowIfRefused();
        Platform.Release(address, byteCount + Granule).ThrowIfRefused();
        return (address, address + byteCount);
    }
}

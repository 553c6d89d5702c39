using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract partial class PlatformContractTests
{
    [CapabilityFact]
    public void A_reservation_lies_inside_the_address_space_and_is_released_whole()
    {
        nuint address;
        using (PlatformRange range = PlatformRange.Reserve(Subject, 16 * Granule))
        {
            address = range.Address;
            Assert.Equal(0u, address & (Granule - 1));
            Assert.True(address >= Subject.LowestAddress);
            Assert.True(range.End <= Subject.HighestAddress);
            AssertRegion(address, PageState.Reserved, PageProtection.None);
        }

        // Whoever else runs may take the addresses at once, but then not as they were.
        using PlatformRange again = PlatformRange.Reserve(Subject, 16 * Granule);
        AssertRegion(again.Address, PageState.Reserved, PageProtection.None);
    }

    [CapabilityFact]
    public void Every_power_of_two_is_an_alignment()
    {
        for (nuint alignment = 1; alignment <= TiB; alignment <<= 1)
        {
            using PlatformRange range = PlatformRange.Reserve(Subject, 3 * Granule, Placement.Aligned(alignment));
            Assert.Equal(0u, range.Address & (alignment - 1));
            Assert.Equal(0u, range.Address & (Granule - 1));
            AssertRegion(range.Address, PageState.Reserved, PageProtection.None);
            AssertRegion(range.End - 1, PageState.Reserved, PageProtection.None);
        }
    }

    [CapabilityFact]
    public void An_aligned_reservation_keeps_nothing_beside_itself()
    {
        var ranges = new List<PlatformRange>();
        nuint total = 0;
        for (int i = 0; i < 64; i++)
        {
            ranges.Add(PlatformRange.Reserve(Subject, 5 * Granule, Placement.Aligned(GiB)));
            total += ranges[^1].ByteCount;
        }

        Assert.Equal(64, ranges.Select(range => range.Address).Distinct().Count());
        foreach (PlatformRange range in ranges)
        {
            if (Subject.Query(range.End, out RegionInfo above).IsSuccess)
            {
                Assert.True(above.State == PageState.Free || above.Address > range.Address);
            }

            range.Dispose();
        }
    }

    [CapabilityFact]
    public void An_exact_place_is_taken_exactly_and_never_twice()
    {
        using PlatformRange outer = PlatformRange.Reserve(Subject, 64 * Granule);
        foreach ((nuint offset, nuint byteCount) in new (nuint, nuint)[]
        {
            (0, 64 * Granule), (0, Page), (8 * Granule, 8 * Granule), (63 * Granule, Granule), (63 * Granule, 4 * Granule),
        })
        {
            SystemReply reply = Subject.Reserve(byteCount, Placement.At(outer.Address + offset), out nuint address);
            Assert.Equal(RefusalReason.AddressInUse, reply.Reason);
            Assert.Equal(SystemOperation.Reserve, reply.Operation);
            Assert.Equal(outer.Address + offset, reply.Address);
            Assert.Equal(byteCount, reply.ByteCount);
            Assert.NotEqual(0, reply.ErrorNumber);
            Assert.Equal(0u, address);
        }
    }

    [CapabilityFact]
    public void An_exact_place_that_is_free_is_given()
    {
        // Another thread of the process may take the place in between; one of many is left alone.
        for (int attempt = 0; attempt < 100; attempt++)
        {
            nuint wanted;
            using (PlatformRange range = PlatformRange.Reserve(Subject, 64 * Granule, Placement.Aligned(GiB)))
            {
                wanted = range.Address;
            }

            if (Subject.Reserve(64 * Granule, Placement.At(wanted), out nuint address).IsSuccess)
            {
                Assert.Equal(wanted, address);
                Succeed(Subject.Release(address, 64 * Granule));
                return;
            }
        }

        Assert.Fail("No exact place was given in a hundred attempts.");
    }

    [CapabilityFact]
    public void An_exact_place_outside_the_address_space_is_refused()
    {
        foreach (nuint address in new nuint[] { 0, Subject.HighestAddress & ~(Granule - 1), unchecked(0 - (4 * Granule)) })
        {
            SystemReply reply = Subject.Reserve(4 * Granule, Placement.At(address), out nuint found);
            Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
            Assert.Equal(0u, found);
        }
    }

    [CapabilityFact]
    public void Below_a_limit_no_byte_lies_above_it()
    {
        foreach (nuint limit in new[] { 4 * GiB, 2 * GiB, Subject.HighestAddress })
        {
            foreach (nuint alignment in new nuint[] { 0, MiB })
            {
                using PlatformRange range = PlatformRange.Reserve(Subject, MiB, Placement.Below(limit, alignment));
                Assert.True(range.End <= limit);
                Assert.Equal(0u, range.Address & (nuint.Max(alignment, Granule) - 1));
            }
        }
    }

    [CapabilityFact]
    public void Between_bounds_every_byte_lies_inside_them()
    {
        nuint lowest = FindRoom(256 * MiB) + Granule;
        nuint highest = lowest + (128 * MiB) + 1;
        using PlatformRange range = PlatformRange.Reserve(Subject, MiB, Placement.Between(lowest, highest, 64 * KiB));
        Assert.True(range.Address >= lowest);
        Assert.True(range.End <= highest);
        Assert.Equal(0u, range.Address & ((64 * KiB) - 1));
    }

    [CapabilityFact]
    public void Within_a_distance_every_byte_is_reached_by_a_32_bit_displacement()
    {
        nuint address = FindRoom(2 * GiB) + GiB;
        nuint distance = (2 * GiB) - 1;
        var ranges = new List<PlatformRange>();
        for (int i = 0; i < 32; i++)
        {
            PlatformRange range = PlatformRange.Reserve(Subject, 64 * KiB, Placement.Within(address, distance));
            ranges.Add(range);
            Assert.True(range.Address >= address - distance);
            Assert.True(range.End <= address + distance);
        }

        ranges.ForEach(range => range.Dispose());
    }

    [CapabilityFact]
    public void Bounds_without_room_are_refused()
    {
        using PlatformRange full = PlatformRange.Reserve(Subject, 64 * Granule);
        foreach (Placement placement in new[]
        {
            Placement.Between(full.Address, full.End),
            Placement.Between(full.Address, full.Address + Granule),
            Placement.Within(full.Address + (32 * Granule), 16 * Granule),
            Placement.Below(1),
            Placement.Between(Subject.HighestAddress, nuint.MaxValue),
        })
        {
            SystemReply reply = Subject.Reserve(2 * Granule, placement, out nuint address);
            Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
            Assert.Equal(0u, address);
        }
    }

    [CapabilityFact]
    public void More_than_the_address_space_is_refused()
    {
        foreach (nuint byteCount in new[] { Subject.HighestAddress & ~(Granule - 1), unchecked(0 - Granule) })
        {
            foreach (Placement placement in new[]
            {
                Placement.Anywhere, Placement.Aligned(GiB), Placement.Below(nuint.MaxValue),
            })
            {
                SystemReply reply = Subject.Reserve(byteCount, placement, out nuint address);
                Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
                Assert.Equal(0u, address);
            }
        }
    }

    [CapabilityFact]
    public void The_largest_alignment_there_is_finds_nothing_and_harms_nothing()
    {
        SystemReply reply = Subject.Reserve(Granule, Placement.Aligned(nuint.RotateRight(1, 1)), out nuint address);
        Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
        Assert.Equal(0u, address);
    }

    [CapabilityFact]
    public void A_tail_is_released_and_the_rest_stays()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 16 * Granule);
        SystemReply reply = Subject.ReleaseTail(range.Address, 16 * Granule, 6 * Granule);
        if (!Subject.Supports(PlatformCapabilities.ReleaseTail))
        {
            Assert.Equal(RefusalReason.NotSupported, reply.Reason);
            AssertRegion(range.End - 1, PageState.Committed, PageProtection.ReadWrite);
            return;
        }

        Succeed(reply);
        range.Keep(6 * Granule);
        AssertRegion(range.End - 1, PageState.Committed, PageProtection.ReadWrite);
    }

    [CapabilityFact]
    public void Neighbouring_reservations_are_one_range_where_the_platform_says_so()
    {
        if (!Subject.Supports(PlatformCapabilities.RangesSpanReservations))
        {
            return;
        }

        for (int attempt = 0; attempt < 100; attempt++)
        {
            PlatformRange lower = PlatformRange.Reserve(Subject, 4 * Granule, Placement.Aligned(GiB));
            if (Subject.Reserve(4 * Granule, Placement.At(lower.End), out nuint upper).IsRefused)
            {
                lower.Dispose();
                continue;
            }

            Succeed(Subject.Commit(upper - Granule, 2 * Granule, PageProtection.ReadWrite));
            AssertRegion(upper - Granule, PageState.Committed, PageProtection.ReadWrite);
            AssertRegion(upper, PageState.Committed, PageProtection.ReadWrite);
            Succeed(Subject.Decommit(lower.Address, 8 * Granule));
            Succeed(Subject.Release(lower.Address, 8 * Granule));
            lower.Keep(0);
            return;
        }

        Assert.Fail("No two neighbouring reservations in a hundred attempts.");
    }
}

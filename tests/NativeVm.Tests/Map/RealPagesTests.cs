using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>What the operating system says of a map's pages agrees with its entries.</summary>
[Collection(nameof(ResidentSetTests))]
public sealed unsafe class RealPagesTests
{
    private const nuint MiB = 1 << 20;

    private static readonly VmPlatform System = VmPlatform.Current;

    [Fact]
    public void Pages_are_zero_when_found_resident_when_touched_and_gone_when_removed()
    {
        using VmMap map = TestMaps.Real(64 * MiB);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(VmResult.Success, map.Find(8 * MiB, VmEntryAttributes.ReadWrite, out nuint address));
            Span<byte> bytes = new((void*)address, (int)(8 * MiB));
            Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
            bytes.Fill(0xA5);
            Assert.True(System.QueryResident(address, 8 * MiB, out nuint resident).IsSuccess);
            Assert.Equal(8 * MiB, resident);
            Assert.Equal(VmResult.Success, map.Remove(address, 8 * MiB));
            Assert.True(System.Query(address, out RegionInfo region).IsSuccess);
            Assert.Equal(PageState.Reserved, region.State);
        }
    }

    [Fact]
    public void The_resident_set_falls_by_what_is_removed_and_by_what_is_decommitted()
    {
        using VmMap map = TestMaps.Real(128 * MiB);
        Assert.Equal(VmResult.Success, map.Find(64 * MiB, VmEntryAttributes.ReadWrite, out nuint address));
        new Span<byte>((void*)address, (int)(64 * MiB)).Fill(1);
        nuint full = Resident();
        Assert.Equal(VmResult.Success, map.Decommit(address, 32 * MiB));
        Assert.InRange((long)(full - Resident()), (long)(28 * MiB), (long)(40 * MiB));
        Assert.Equal(VmResult.Success, map.Remove(address, 64 * MiB));
        Assert.InRange((long)(full - Resident()), (long)(60 * MiB), (long)(72 * MiB));
    }

    [Fact]
    public void Protections_are_those_of_the_entries()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        nuint page = map.PageSize;
        Assert.Equal(VmResult.Success, map.Find(8 * page, VmEntryAttributes.ReadWrite, out nuint address));
        Assert.Equal(VmResult.Success, map.Protect(address + (2 * page), page, PageProtection.Read));
        Assert.Equal(VmResult.Success, map.Protect(address + (4 * page), page, PageProtection.ReadExecute));
        using VmMapLockScope scope = map.EnterReadLock();
        foreach (VmEntry entry in map.GetEntries())
        {
            for (nuint at = entry.Start; at < entry.End; at += page)
            {
                Assert.True(System.Query(at, out RegionInfo region).IsSuccess);
                Assert.Equal(entry.Attributes.Protection, region.Protection);
                Assert.Equal(PageState.Committed, region.State);
            }
        }
    }

    [Fact]
    public void After_random_finds_and_removals_that_end_empty_the_reservation_is_one_mapping_again()
    {
        using VmMap map = TestMaps.Real(256 * MiB);
        Random random = new(11);
        List<(nuint Address, nuint ByteCount)> live = [];
        for (int step = 0; step < 6000; step++)
        {
            if (live.Count < 400 && random.Next(2) == 0)
            {
                nuint byteCount = (nuint)random.Next(1, 40) * map.PageSize;
                VmEntryAttributes attributes = VmEntryAttributes.ReadWrite with { Tag = (ulong)step };
                Assert.Equal(VmResult.Success, map.Find(0, byteCount, 1, attributes, out nuint address));
                Assert.Equal(0, *(byte*)address);
                *(byte*)address = 7;
                live.Add((address, byteCount));
            }
            else if (live.Count > 0)
            {
                int index = random.Next(live.Count);
                Assert.Equal(VmResult.Success, map.Remove(live[index].Address, live[index].ByteCount));
                live.RemoveAt(index);
            }
        }

        map.Validate();
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, map.MaxAddress - map.MinAddress));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.True(System.QueryResident(map.MinAddress, 256 * MiB, out nuint resident).IsSuccess || OperatingSystem.IsWindows());
        Assert.Equal((nuint)0, resident);
    }

    [CapabilityTheory(Needs.CheapReservations)]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(44)]
    public void A_large_reservation_takes_no_memory(int log2)
    {
        nuint before = Resident();
        long calls = System.SystemCallCount;
        using VmMap map = TestMaps.Real((nuint)1 << log2);
        Assert.Equal(calls + 1, System.SystemCallCount);
        Assert.Equal(VmResult.Success, map.Find(map.PageSize, VmEntryAttributes.ReadWrite, out nuint address));
        *(byte*)address = 1;
        Assert.True(Resident() < before + MiB, "Less than 1 MiB more is resident.");
        map.Validate();
    }

    [Fact]
    public void A_reservation_beyond_the_address_space_is_refused_with_its_reason()
    {
        VmMapOptions options = new() { ByteCount = (nuint)1 << 60 };
        SystemRefusedException exception = Assert.Throws<SystemRefusedException>(() => new VmMap(options));
        Assert.True(exception.Reply.IsRefused);
        Assert.NotEqual(0, exception.Reply.ErrorNumber);
        Assert.Throws<ArgumentOutOfRangeException>(() => new VmMap(new VmMapOptions { ByteCount = nuint.MaxValue }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VmMap(new VmMapOptions { ByteCount = 0 }));
        Assert.Throws<ArgumentException>(() => new VmMap(new VmMapOptions { ByteCount = 4 * MiB, MaxByteCount = MiB, IsGrowable = true }));
        Assert.Throws<ArgumentNullException>(() => new VmMap(null!));
    }

    [Fact]
    public void No_operation_allocates_on_the_managed_heap()
    {
        using VmMap map = TestMaps.Real(64 * MiB);
        using VmMapLockScope scope = map.EnterWriteLock();
        bool isDone = true;
        long allocated = ManagedAllocations.Of(() => isDone &= Operate(map, 2000));
        Assert.True(isDone);
        Assert.Equal(0, allocated);
    }

    private static bool Operate(VmMap map, int count)
    {
        bool isAllDone = true;
        for (int i = 0; i < count; i++)
        {
            VmEntryAttributes attributes = VmEntryAttributes.ReadWrite with { Tag = (ulong)i };
            bool isDone = map.Find(map.MinAddress, 3 * map.PageSize, 1, attributes, out nuint address).IsSuccess
                && map.TryFindSpace(0, map.PageSize, 7, FindSpaceFlags.None, out nuint other)
                && map.Insert(other, map.PageSize, VmEntryAttributes.Reserved).IsSuccess
                && map.Commit(other, map.PageSize, PageProtection.ReadWrite).IsSuccess
                && map.Protect(address + map.PageSize, map.PageSize, PageProtection.Read).IsSuccess
                && map.TryLookup(address, out _)
                && map.Decommit(address, 2 * map.PageSize).IsSuccess
                && map.Remove(address, 3 * map.PageSize).IsSuccess
                && map.Delete(other, map.PageSize).IsSuccess;
            foreach (VmEntry entry in map.GetEntries())
            {
                isDone &= entry.ByteCount == 0;
            }

            isAllDone &= isDone;
        }

        return isAllDone;
    }

    private static nuint Resident()
    {
        Assert.True(System.QueryProcess(out ProcessMemory memory).IsSuccess);
        return memory.ResidentByteCount;
    }
}

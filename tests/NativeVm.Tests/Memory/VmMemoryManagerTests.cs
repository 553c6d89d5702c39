using System.Buffers;
using System.Runtime.CompilerServices;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Diagnostics;
using NativeVm.Tests.Map;

namespace NativeVm.Tests.Memory;

[Collection(nameof(ListeningTests))]
public sealed class VmMemoryManagerTests
{
    private const nuint MiB = 1 << 20;

    [Fact]
    public void Memory_is_zeroed_begins_at_a_page_and_goes_at_disposal()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        VmMemoryManager<long> manager = VmMemory.Allocate<long>(map, 1000);
        Assert.Equal(1000, manager.Memory.Length);
        Assert.Equal((nuint)0, manager.Address % map.PageSize);
        Assert.Equal(-1, manager.Memory.Span.IndexOfAnyExcept(0));
        manager.Memory.Span.Fill(-1);
        Assert.Equal(2 * map.PageSize, map.GetStatistics().CommittedByteCount);
        manager.Dispose();
        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        Assert.True(VmPlatform.Current.Query(manager.Address, out RegionInfo region).IsSuccess);
        Assert.Equal(PageState.Reserved, region.State);
    }

    [Fact]
    public void After_disposal_every_access_throws_and_a_second_one_does_nothing()
    {
        using VmMap map = TestMaps.Real(MiB);
        VmMemoryManager<byte> manager = VmMemory.Allocate<byte>(map, 10);
        Memory<byte> memory = manager.Memory;
        manager.Dispose();
        manager.Dispose();
        ((IDisposable)manager).Dispose();
        Assert.True(manager.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.Throws<ObjectDisposedException>(() => manager.Memory);
        Assert.Throws<ObjectDisposedException>(() => manager.OpenStream());
        map.Validate();
    }

    [Fact]
    public unsafe void Memory_disposed_of_while_pinned_stays_until_the_last_pin_is_gone_and_is_told_of()
    {
        using RecordingListener listener = new();
        using VmMap map = new(new VmMapOptions { ByteCount = MiB, Name = "pinned and disposed of" });
        VmMemoryManager<int> manager = VmMemory.Allocate<int>(map, 100);
        MemoryHandle first = manager.Memory.Pin();
        MemoryHandle second = manager.Memory[50..].Pin();
        Assert.Equal((nuint)second.Pointer, manager.Address + 200);
        Assert.Equal(2, manager.PinCount);
        manager.Dispose();
        *(int*)first.Pointer = 42;
        first.Dispose();
        first.Dispose();
        Assert.Equal(42, *(int*)manager.Address);
        Assert.NotEqual((nuint)0, map.GetStatistics().MappedByteCount);
        second.Dispose();
        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        Assert.Throws<InvalidOperationException>(manager.Unpin);
        Assert.Contains(listener.Of("FreedWhileHeld"), recorded => (string?)recorded.Payload[0] == map.Name);
    }

    [Fact]
    public void Memory_outlives_its_map()
    {
        VmMap map = TestMaps.Real(MiB);
        VmMemoryManager<byte> manager = VmMemory.Allocate<byte>(map, 5000);
        map.Dispose();
        manager.Memory.Span.Fill(7);
        Assert.Equal(7, manager.Memory.Span[4999]);
        manager.Dispose();
        Assert.True(map.Handle.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => VmMemory.Allocate<byte>(map, 1));
    }

    [Fact]
    public void Forgotten_memory_is_given_back_by_the_collector_and_told_of()
    {
        using RecordingListener listener = new();
        using VmMap map = new(new VmMapOptions { ByteCount = MiB, Name = "forgotten memory" });
        Forget(map, isPinned: false);
        Assert.True(Collector.RunsUntil(() => map.GetStatistics().MappedByteCount == 0));
        Assert.Contains(listener.Of("Forgotten"), recorded => (string?)recorded.Payload[0] == map.Name);
        map.Validate();
    }

    [Fact]
    public void Forgotten_memory_that_is_pinned_stays()
    {
        using VmMap map = TestMaps.Real(MiB);
        Forget(map, isPinned: true);
        WeakReference witness = MakeWitness();
        Assert.True(Collector.RunsUntil(() => !witness.IsAlive));
        Assert.NotEqual((nuint)0, map.GetStatistics().MappedByteCount);
    }

    [Fact]
    public void A_map_forgotten_with_its_memory_gives_all_back()
    {
        SimulatedPlatform platform = new();
        ForgetBoth(platform);
        Assert.True(Collector.RunsUntil(() => platform.ReservedByteCount == 0));
    }

    [Fact]
    public void A_memory_keeps_its_pages_while_nobody_holds_the_manager()
    {
        using VmMap map = TestMaps.Real(MiB);
        Memory<byte> memory = MakeMemory(map);
        WeakReference witness = MakeWitness();
        Assert.True(Collector.RunsUntil(() => !witness.IsAlive));
        Assert.Equal(9, memory.Span[100]);
        Assert.NotEqual((nuint)0, map.GetStatistics().MappedByteCount);
    }

    [Fact]
    public unsafe void A_view_sees_the_range_keeps_the_address_space_and_frees_nothing()
    {
        VmMap map = TestMaps.Real(MiB);
        map.Find(2 * map.PageSize, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        VmMemoryManager<short> view = VmMemory.View<short>(map, address + 2, 100);
        view.Memory.Span.Fill(0x0101);
        Assert.Equal(1, *(byte*)(address + 201));
        VmMemory.View<short>(map, address, 1).Dispose();
        Assert.NotEqual((nuint)0, map.GetStatistics().MappedByteCount);
        map.Dispose();
        Assert.Equal(0x0101, view.Memory.Span[99]);
        view.Dispose();
        Assert.True(map.Handle.IsClosed);
    }

    [Fact]
    public void A_view_of_what_cannot_be_written_or_is_not_there_is_refused()
    {
        using VmMap map = TestMaps.Real(MiB);
        nuint page = map.PageSize;
        map.Find(2 * page, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        map.Protect(address + page, page, PageProtection.Read).ThrowIfFailed();
        Assert.Throws<ArgumentException>(() => VmMemory.View<byte>(map, address, (int)page + 1));
        Assert.Throws<ArgumentException>(() => VmMemory.View<byte>(map, address + (2 * page), 1));
        Assert.Throws<ArgumentException>(() => VmMemory.View<byte>(map, map.MaxAddress, 1));
        Assert.Throws<ArgumentException>(() => VmMemory.View<int>(map, address + 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VmMemory.View<int>(map, address, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VmMemory.Allocate<int>(map, 0));
        Assert.Throws<VmMapException>(() => VmMemory.Allocate<int>(map, 1 << 20));
        Assert.Equal(0, VmMemory.View<byte>(map, address, 0).Length);
    }

    [Fact]
    public void A_refusal_of_any_call_leaves_no_memory_behind()
    {
        FaultSweepReport report = FaultSweep.Run(
            setup: static platform => new VmMap(new VmMapOptions { ByteCount = MiB, Platform = platform }),
            act: static map =>
            {
                try
                {
                    VmMemory.Allocate<byte>(map, 10_000).Dispose();
                    return true;
                }
                catch (SystemRefusedException)
                {
                    return false;
                }
            },
            verify: static (map, _) =>
            {
                map.Validate();
                SimulatedPlatform system = (SimulatedPlatform)((FaultInjectingPlatform)map.Platform).Inner;
                Assert.Equal(system.CommittedByteCount, map.GetStatistics().CommittedByteCount);
            },
            new FaultSweepOptions { Patterns = FaultPatterns.SingleCall });
        Assert.True(report.InjectedCount > 0);
    }

    [Fact]
    public async Task Pins_and_a_disposal_from_many_threads_end_in_one_release()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        for (int round = 0; round < 50; round++)
        {
            VmMemoryManager<byte> manager = VmMemory.Allocate<byte>(map, 4096);
            Task[] users = [.. Enumerable.Range(0, 4).Select(user => Task.Run(() => PinUntilDisposed(manager, user)))];
            manager.Dispose();
            await Task.WhenAll(users);
            Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        }
    }

    private static unsafe void PinUntilDisposed(VmMemoryManager<byte> manager, int user)
    {
        try
        {
            while (true)
            {
                using MemoryHandle handle = manager.Pin(user);
                *(byte*)handle.Pointer = (byte)user;
            }
        }
        catch (ObjectDisposedException)
        {
            Assert.True(manager.IsDisposed);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(VmMap map, bool isPinned)
    {
        VmMemoryManager<byte> manager = VmMemory.Allocate<byte>(map, 10, addsPressure: true);
        if (isPinned)
        {
            _ = manager.Pin();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForgetBoth(SimulatedPlatform platform)
    {
        VmMap map = new(new VmMapOptions { ByteCount = MiB, Platform = platform });
        _ = VmMemory.Allocate<byte>(map, 10);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Memory<byte> MakeMemory(VmMap map)
    {
        Memory<byte> memory = VmMemory.Allocate<byte>(map, 1000).Memory;
        memory.Span.Fill(9);
        return memory;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeWitness() => new(new object());
}

using System.Runtime.CompilerServices;
using NativeVm.Diagnostics;

namespace NativeVm.Tests.Diagnostics;

/// <summary>Tracking of allocations, which is switched on once for a process.</summary>
internal static class LeakScenarios
{
    public static void NameTheSite(string[] arguments)
    {
        AppContext.SetSwitch(VmDiagnostics.TrackingSwitch, true);
        Assert.True(VmDiagnostics.TracksAllocations);
        FakeSource owner = new("leaky");
        InstanceTicket ticket = LiveInstances.Add(owner);
        AllocateHere(owner, ticket, 1);
        AllocateHere(owner, ticket, 2);
        AllocateThere(owner, ticket, 3);
        AllocationTracking.Freed(ticket, 1);
        AllocationTracking.Freed(ticket, 99);

        // The innermost method outside the library is the one that calls the tracker here.
        VmLeakReport report = VmDiagnostics.GetLeakReport();
        Assert.Equal(2, report.Leaks.Count);
        VmLeak there = report.Leaks[0];
        Assert.Equal(("leaky", "fake", 1, (nuint)300), (there.OwnerName, there.OwnerKind, there.Count, there.ByteCount));
        Assert.EndsWith($"{nameof(LeakScenarios)}.{nameof(AllocateThere)}", there.Site, StringComparison.Ordinal);
        Assert.Contains(nameof(AllocateThere), there.StackTrace, StringComparison.Ordinal);
        Assert.Equal((nuint)10, report.Leaks[1].ByteCount);
        Assert.Contains(nameof(AllocateHere), report.ToString(), StringComparison.Ordinal);
        AllocationTracking.Freed(ticket, 2);
        AllocationTracking.Freed(ticket, 3);
        Assert.Empty(VmDiagnostics.GetLeakReport().Leaks);
    }

    public static unsafe void TrackAllocators(string[] arguments)
    {
        AppContext.SetSwitch(VmDiagnostics.TrackingSwitch, true);
        using VmHeap heap = new(new VmHeapOptions { Name = "tracked heap" });
        using PageAllocator pages = new(new PageAllocatorOptions { Name = "tracked pages" });
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { Pages = pages, Name = "tracked pool" });
        void* lost = LoseBlock(heap);
        nuint run = pages.Allocate(100_000);
        Assert.True(pool.TryRent(5000, out VmMemoryManager<byte>? owner));
        Assert.Equal(["heap", "pages", "pool"], Kinds());
        VmLeak leak = VmDiagnostics.GetLeakReport().Leaks.Single(static leak => leak.OwnerName == "tracked heap" && leak.OwnerKind == "heap");
        Assert.EndsWith($"{nameof(LeakScenarios)}.{nameof(LoseBlock)}", leak.Site, StringComparison.Ordinal);
        Assert.Equal((1, (nuint)24), (leak.Count, leak.ByteCount));
        owner.Dispose();
        pages.Free(run);
        heap.Free(heap.Reallocate(lost, 90_000));
        void* zeroed = heap.AllocateZeroed(10);
        heap.Free(heap.AllocateAligned(10, 4096));
        heap.Free(zeroed);
        Assert.DoesNotContain("heap", VmDiagnostics.GetLeakReport().Leaks.Select(static leak => leak.OwnerKind));
        Assert.DoesNotContain("pool", VmDiagnostics.GetLeakReport().Leaks.Select(static leak => leak.OwnerKind));
    }

    private static IEnumerable<string> Kinds() => VmDiagnostics.GetLeakReport().Leaks
        .Where(static leak => leak.OwnerName != "tracked heap" || leak.OwnerKind == "heap")
        .Select(static leak => leak.OwnerKind)
        .Order();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void* LoseBlock(VmHeap heap)
    {
        void* block = heap.Allocate(24);
        GC.KeepAlive(heap);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AllocateHere(FakeSource owner, in InstanceTicket ticket, nuint address) =>
        AllocationTracking.Allocated(owner, ticket, address, 10);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AllocateThere(FakeSource owner, in InstanceTicket ticket, nuint address)
    {
        AllocationTracking.Allocated(owner, ticket, address, 300);
        GC.KeepAlive(owner);
    }
}

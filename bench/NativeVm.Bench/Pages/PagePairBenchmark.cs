using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Pages;

/// <summary>Allocates and frees one run, untouched: the page allocator, the map and the C library.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The global cleanup disposes.")]
public unsafe class PagePairBenchmark
{
    private PageAllocator? _allocator;
    private VmMap? _map;

    /// <summary>Bytes of the run.</summary>
    [Params(4 << 10, 64 << 10, 1 << 20, 4 << 20)]
    public int ByteCount { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _allocator = new PageAllocator(new PageAllocatorOptions { TrimsInBackground = false });
        _map = new VmMap(new VmMapOptions { ByteCount = 64 << 20 });
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _allocator!.Dispose();
        _map!.Dispose();
    }

    [Benchmark]
    public nuint PageAllocator()
    {
        _ = _allocator!.TryAllocate((nuint)ByteCount, 1, PageAllocationFlags.Uninitialized, out nuint address);
        _allocator.Free(address);
        return address;
    }

    [Benchmark]
    public nuint Zeroed()
    {
        _ = _allocator!.TryAllocate((nuint)ByteCount, 1, PageAllocationFlags.None, out nuint address);
        _allocator.Free(address);
        return address;
    }

    [Benchmark]
    public nuint NativeMemoryAlloc()
    {
        void* address = NativeMemory.Alloc((nuint)ByteCount);
        NativeMemory.Free(address);
        return (nuint)address;
    }

    [Benchmark(Baseline = true)]
    public nuint Map()
    {
        _ = _map!.Find((nuint)ByteCount, VmEntryAttributes.ReadWrite, out nuint address);
        _ = _map.Remove(address, (nuint)ByteCount);
        return address;
    }
}

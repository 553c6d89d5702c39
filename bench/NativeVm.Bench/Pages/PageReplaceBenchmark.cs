using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Pages;

/// <summary>Replaces one of many live runs by one of another length, half as long to half as long again.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The global cleanup disposes.")]
public unsafe class PageReplaceBenchmark
{
    private const int Mean = 64 << 10;

    private readonly Random _random = new(1);
    private nuint[] _runs = [];
    private PageAllocator? _allocator;

    /// <summary>Runs that are live.</summary>
    [Params(1_000, 10_000)]
    public int Live { get; set; }

    /// <summary>Whether the first byte of each page is written.</summary>
    [Params(false, true)]
    public bool Touches { get; set; }

    [GlobalSetup(Target = nameof(PageAllocator))]
    public void SetUpPages()
    {
        _allocator = new PageAllocator(new PageAllocatorOptions { TrimsInBackground = false });
        _runs = [.. Enumerable.Range(0, Live).Select(_ => AllocatePages())];
    }

    [GlobalSetup(Target = nameof(NativeMemoryAlloc))]
    public void SetUpNative() => _runs = [.. Enumerable.Range(0, Live).Select(_ => AllocateNative())];

    [GlobalCleanup(Target = nameof(PageAllocator))]
    public void CleanUpPages() => _allocator!.Dispose();

    [GlobalCleanup(Target = nameof(NativeMemoryAlloc))]
    public void CleanUpNative()
    {
        foreach (nuint run in _runs)
        {
            NativeMemory.Free((void*)run);
        }
    }

    [Benchmark]
    public void PageAllocator()
    {
        int index = _random.Next(_runs.Length);
        _allocator!.Free(_runs[index]);
        _runs[index] = AllocatePages();
    }

    [Benchmark(Baseline = true)]
    public void NativeMemoryAlloc()
    {
        int index = _random.Next(_runs.Length);
        NativeMemory.Free((void*)_runs[index]);
        _runs[index] = AllocateNative();
    }

    private nuint AllocatePages()
    {
        nuint byteCount = NextByteCount();
        return Touch(_allocator!.Allocate(byteCount, flags: PageAllocationFlags.Uninitialized), byteCount);
    }

    private nuint AllocateNative()
    {
        nuint byteCount = NextByteCount();
        return Touch((nuint)NativeMemory.Alloc(byteCount), byteCount);
    }

    private nuint NextByteCount() => (nuint)_random.Next(Mean / 2, Mean * 3 / 2);

    private nuint Touch(nuint address, nuint byteCount)
    {
        for (nuint offset = 0; Touches && offset < byteCount; offset += 4096)
        {
            ((byte*)address)[offset] = 1;
        }

        return address;
    }
}

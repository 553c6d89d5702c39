using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Arenas;

/// <summary>
/// Allocates 24 bytes again and again and writes to them, from an arena and from a pointer bumped by hand; a reset ends each
/// round. The arena that leaves contents does what the hand-written one does; the one that zeroes clears in its reset.
/// </summary>
[MemoryDiagnoser]
public unsafe class BumpBenchmark : IDisposable
{
    private const int Count = 10_000;
    private const nuint ByteCount = 1 << 20;

    private readonly PointerBump _bump = new(ByteCount);
    private readonly LinearArena _arena = new(new LinearArenaOptions { ByteCount = ByteCount, ZeroesMemory = false });
    private readonly LinearArena _zeroing = new(new LinearArenaOptions { ByteCount = ByteCount });
    private readonly FrameArena _frames = new(new FrameArenaOptions { FrameByteCount = ByteCount, ZeroesMemory = false });

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void ByHand()
    {
        PointerBump bump = _bump;
        for (int i = 0; i < Count; i++)
        {
            *(long*)bump.Allocate(24) = i;
        }

        bump.Reset();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Arena()
    {
        LinearArena arena = _arena;
        for (int i = 0; i < Count; i++)
        {
            *(long*)arena.Allocate(24) = i;
        }

        arena.Reset();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void ArenaThatZeroes()
    {
        LinearArena arena = _zeroing;
        for (int i = 0; i < Count; i++)
        {
            *(long*)arena.Allocate(24) = i;
        }

        arena.Reset();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Frames()
    {
        FrameArena frames = _frames;
        for (int i = 0; i < Count; i++)
        {
            *(long*)frames.Allocate(24) = i;
        }

        frames.AdvanceFrame();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _bump.Dispose();
        _arena.Dispose();
        _zeroing.Dispose();
        _frames.Dispose();
        GC.SuppressFinalize(this);
    }
}

using System.Collections.Concurrent;
using NativeVm.Platform;

namespace NativeVm.Tests.Soak;

/// <summary>
/// A mixed load on everything that hands out memory, over real pages: lanes of random operations, everything live
/// filled with a pattern of its own and verified before it is given back, zeros verified where they are promised.
/// </summary>
/// <remarks>
/// The load runs in rounds. In each, every lane has a thread of its own, which ends with the round; between rounds all
/// is quiet, everything live is verified and every structure proves itself. Blocks, pages and entries change hands
/// between lanes. What is shared is trimmed while it is used.
/// </remarks>
internal sealed class SoakLoad : IDisposable
{
    private const nuint MiB = 1 << 20;

    private readonly VmHeap _heap;
    private readonly VmHeap _hardened;
    private readonly PageAllocator _pages;
    private readonly VmMap _map;
    private readonly FramePool _frames;
    private readonly SoakExchange[] _exchanges = [new(300), new(100), new(60), new(60)];
    private readonly SoakLane[] _lanes;
    private long _stepCount;

    /// <summary>Makes what the load works on.</summary>
    public SoakLoad(SoakOptions options)
    {
        VmPlatform platform = options.Platform;
        _heap = new VmHeap(new VmHeapOptions { Name = "soak", Platform = platform, RetainHighMark = 8 * MiB });
        _hardened = new VmHeap(new VmHeapOptions
        {
            Name = "soak, hardened",
            Platform = platform,
            Hardening = VmHeapHardening.All,
            RetainHighMark = 2 * MiB,
        });
        _pages = new PageAllocator(new PageAllocatorOptions
        {
            Name = "soak",
            Platform = platform,
            RetainHighMark = 16 * MiB,
            RetainLowMark = 8 * MiB,
            RetainAge = TimeSpan.FromSeconds(1),
        });
        _map = new VmMap(new VmMapOptions { Name = "soak", Platform = platform, ByteCount = 2 * MiB, IsGrowable = true });
        _frames = new FramePool(new FramePoolOptions
        {
            Name = "soak",
            Platform = platform,
            FrameByteCount = nuint.Max(8 << 10, platform.PageSize),
            FrameCount = 1000,
        });
        _lanes = [.. Enumerable.Range(0, options.LaneCount).Select(i => MakeLane(options, i))];
    }

    /// <summary>Operations so far.</summary>
    public long StepCount => _stepCount;

    /// <summary>
    /// Bytes that everything holds: what is in use, what is kept for reuse, and records. Pages that have been given back
    /// to the system while their addresses stay committed are not held.
    /// </summary>
    public nuint NativeByteCount
    {
        get
        {
            PageAllocatorStatistics pages = _pages.GetStatistics();
            VmMapStatistics map = _map.GetStatistics();
            FramePoolStatistics frames = _frames.GetStatistics();
            return HeldBy(_heap)
                + HeldBy(_hardened)
                + pages.AllocatedByteCount + pages.RetainedByteCount + pages.MetadataByteCount
                + map.CommittedByteCount + map.RetainedByteCount + map.MetadataByteCount
                + frames.CommittedByteCount + frames.MetadataByteCount
                + _lanes.Aggregate((nuint)0, static (sum, lane) => sum + lane.NativeByteCount);
        }
    }

    /// <summary>Bytes of pages that the heaps and the page allocator may touch, those that have been given back included.</summary>
    public nuint CommittedByteCount =>
        _heap.GetStatistics().CommittedByteCount
        + _hardened.GetStatistics().CommittedByteCount
        + _pages.GetStatistics().CommittedByteCount;

    /// <summary>One round: all lanes at once, then a proof of everything.</summary>
    /// <param name="stepsPerLane">Operations of each lane.</param>
    /// <exception cref="SoakFailureException">Something was not as it had to be.</exception>
    public void RunRound(long stepsPerLane)
    {
        ConcurrentQueue<Exception> failures = [];
        using CancellationTokenSource stop = new();
        Thread[] threads = [.. _lanes.Select(lane => new Thread(() =>
        {
            try
            {
                lane.Run(stepsPerLane, stop.Token);
            }
#pragma warning disable CA1031 // Whatever a thread throws ends the run, with that as its reason.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Enqueue(e);
                stop.Cancel();
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Trim(threads);
        if (failures.TryPeek(out Exception? failure))
        {
            throw new SoakFailureException($"After {_stepCount} steps: {failure.Message}", failure);
        }

        _stepCount += stepsPerLane * _lanes.Length;
        Prove();
    }

    /// <summary>Gives everything back, verified, and proves that nothing is left.</summary>
    public void End()
    {
        Array.ForEach(_lanes, static lane => lane.Dispose());
        Validate();
        Assert.Equal((nuint)0, _heap.GetStatistics().BlockCount);
        Assert.Equal((nuint)0, _hardened.GetStatistics().BlockCount);
        Assert.Equal((nuint)0, _pages.GetStatistics().AllocatedByteCount);
        Assert.Equal((nuint)0, _map.GetStatistics().MappedByteCount);
        Assert.Equal((nuint)0, _frames.GetStatistics().AllocatedCount);
        _heap.Trim();
        _pages.Trim();
        Assert.Equal((nuint)0, _pages.GetStatistics().RetainedByteCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heap.Dispose();
        _hardened.Dispose();
        _pages.Dispose();
        _map.Dispose();
        _frames.Dispose();
    }

    private static nuint HeldBy(VmHeap heap)
    {
        VmHeapStatistics figures = heap.GetStatistics();
        return figures.SlabByteCount + figures.LargeByteCount + figures.RetainedByteCount + figures.MetadataByteCount;
    }

    /// <summary>Trims what is shared while the threads use it, until they have ended.</summary>
    private void Trim(Thread[] threads)
    {
        Random random = new();
        foreach (Thread thread in threads)
        {
            while (!thread.Join(random.Next(20, 200)))
            {
                switch (random.Next(4))
                {
                    case 0:
                        _heap.Trim();
                        break;
                    case 1:
                        _hardened.Trim();
                        break;
                    case 2:
                        _pages.Trim((nuint)random.Next(8) * MiB);
                        break;
                    default:
                        _map.Validate();
                        break;
                }
            }
        }
    }

    private void Validate()
    {
        _heap.Validate();
        _hardened.Validate();
        _pages.Validate();
        _map.Validate();
    }

    private void Prove()
    {
        Validate();
        foreach (SoakExchange exchange in _exchanges)
        {
            exchange.Verify("exchange");
        }

        foreach (SoakLane lane in _lanes)
        {
            lane.Verify();
            lane.RenewOne();
        }
    }

    private SoakLane MakeLane(SoakOptions options, int index)
    {
        int blocks = options.BlocksPerLane;
        List<(int Weight, SoakSubject Subject)> subjects =
        [
            (300, new HeapSubject(_heap, _exchanges[0], blocks)),
            (40, new HeapSubject(_hardened, _exchanges[1], blocks / 4)),
            (60, new PageSubject(_pages, _exchanges[2], blocks / 12)),
            (20, new MapSubject(_map, _exchanges[3], blocks / 12)),
            (150, new ArenaSubject()),
            (200, new PoolSubject(8 * (nuint)(1 + (index * 7)))),
            (150, new ArraySubject()),
            (40, new FrameSubject(_frames, blocks / 6)),
        ];
        if (options.Platform.Supports(PlatformCapabilities.SharedMemoryObjects))
        {
            subjects.Add((40, new RingSubject()));
        }

        return new SoakLane((options.Seed * 1000) + index, subjects);
    }
}

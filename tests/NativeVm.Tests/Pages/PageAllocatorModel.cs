namespace NativeVm.Tests.Pages;

/// <summary>
/// Drives an allocator at random, and remembers what it has: a pattern in every run shows overlaps, memory given back
/// too early and pages that are not zero.
/// </summary>
internal sealed unsafe class PageAllocatorModel(PageAllocator allocator, int seed, bool isReal)
{
    private readonly Random _random = new(seed);
    private readonly List<Run> _runs = [];
    private readonly nuint _page = allocator.PageSize;

    public nuint LiveByteCount { get; private set; }

    /// <summary>Up to how many pages runs have, mostly.</summary>
    public int MostPages { get; init; } = 100;

    public void Drive(int steps, int mostLive)
    {
        for (int step = 0; step < steps; step++)
        {
            switch (_random.Next(20))
            {
                case < 9 when _runs.Count < mostLive:
                    Allocate();
                    break;
                case < 17 when _runs.Count > 0:
                    Free(_random.Next(_runs.Count));
                    break;
                case < 19 when _runs.Count > 0:
                    Resize(_random.Next(_runs.Count));
                    break;
                case 19 when step % 50 == 0:
                    _ = allocator.Trim((nuint)_random.Next(200) * _page);
                    break;
                default:
                    break;
            }

            if (step % 500 == 0)
            {
                Validate();
            }
        }

        Validate();
    }

    public void FreeAll()
    {
        while (_runs.Count > 0)
        {
            Free(_runs.Count - 1);
        }

        Validate();
    }

    public void Validate()
    {
        allocator.Validate();
        PageAllocatorStatistics statistics = allocator.GetStatistics();
        Assert.Equal(LiveByteCount, statistics.AllocatedByteCount);
        Assert.True(statistics.CommittedByteCount <= statistics.ReservedByteCount);
        Assert.True(statistics.AllocatedByteCount + statistics.RetainedByteCount <= statistics.CommittedByteCount);
        List<Run> sorted = [.. _runs.OrderBy(static run => run.Address)];
        for (int i = 1; i < sorted.Count; i++)
        {
            Assert.True(sorted[i - 1].Address + sorted[i - 1].ByteCount <= sorted[i].Address);
        }
    }

    private void Allocate()
    {
        nuint pages = (nuint)(_random.Next(30) == 0 ? _random.Next(1, 3000) : _random.Next(1, MostPages));
        nuint byteCount = (pages * _page) - (nuint)_random.Next((int)_page);
        nuint alignment = _random.Next(6) switch
        {
            0 => _page << _random.Next(8),
            1 => (nuint)_random.Next(1, 100_000),
            _ => 1,
        };
        PageAllocationFlags flags = isReal && _random.Next(2) == 0 ? PageAllocationFlags.None : PageAllocationFlags.Uninitialized;
        if (!allocator.TryAllocate(byteCount, alignment, flags, out nuint address))
        {
            Assert.Equal(0u, address);
            return;
        }

        Assert.Equal(0u, address % alignment);
        Assert.Equal(0u, address % _page);
        Run run = new(address, pages * _page, (byte)_random.Next(1, 256));
        if (flags == PageAllocationFlags.None)
        {
            Assert.Equal(-1, run.Bytes.IndexOfAnyExcept((byte)0));
        }

        Fill(run, 0);
        LiveByteCount += run.ByteCount;
        _runs.Add(run);
    }

    private void Free(int index)
    {
        Run run = _runs[index];
        Check(run, run.ByteCount);
        if (_random.Next(2) == 0)
        {
            allocator.Free(run.Address);
        }
        else
        {
            allocator.Free(run.Address, run.ByteCount - (nuint)_random.Next((int)_page));
        }

        LiveByteCount -= run.ByteCount;
        _runs[index] = _runs[^1];
        _runs.RemoveAt(_runs.Count - 1);
    }

    private void Resize(int index)
    {
        Run run = _runs[index];
        nuint pages = (nuint)_random.Next(1, (int)(run.ByteCount / _page * 2) + 1);
        PageAllocationFlags flags = isReal ? PageAllocationFlags.None : PageAllocationFlags.Uninitialized;
        if (!allocator.TryResizeInPlace(run.Address, run.ByteCount, pages * _page, flags))
        {
            Check(run, run.ByteCount);
            return;
        }

        Run resized = run with { ByteCount = pages * _page };
        Check(run, Math.Min(run.ByteCount, resized.ByteCount));
        if (isReal && resized.ByteCount > run.ByteCount)
        {
            Assert.Equal(-1, resized.Bytes[(int)run.ByteCount..].IndexOfAnyExcept((byte)0));
            Fill(resized, (int)run.ByteCount);
        }

        LiveByteCount += resized.ByteCount - run.ByteCount;
        _runs[index] = resized;
    }

    private void Fill(in Run run, int from)
    {
        if (isReal)
        {
            run.Bytes[from..].Fill(run.Pattern);
        }
    }

    private void Check(in Run run, nuint byteCount)
    {
        if (isReal)
        {
            Assert.Equal(-1, run.Bytes[..(int)byteCount].IndexOfAnyExcept(run.Pattern));
        }
    }

    private readonly record struct Run(nuint Address, nuint ByteCount, byte Pattern)
    {
        public Span<byte> Bytes => new((void*)Address, (int)ByteCount);
    }
}

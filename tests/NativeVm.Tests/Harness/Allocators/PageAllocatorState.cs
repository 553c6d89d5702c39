using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>An allocator that keeps little, and runs of it that are filled.</summary>
public sealed unsafe class PageAllocatorState : IDisposable
{
    private const nuint RunByteCount = 1 << 20;

    private readonly List<Run> _runs = [];
    private readonly bool _isReal;
    private nuint _live;

    public PageAllocatorState(FaultPlatforms platforms)
    {
        _isReal = platforms.Simulated is null;
        Pages = new PageAllocator(new PageAllocatorOptions
        {
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            RetainHighMark = 5 << 20,
            RetainLowMark = 1 << 20,
            TrimsInBackground = false,
        });
        for (int i = 0; i < 8; i++)
        {
            Run run = new(Pages.Allocate(RunByteCount, 1, Flags), RunByteCount, (byte)(i + 1));
            _runs.Add(run);
            if (_isReal)
            {
                BytesOf(run).Fill(run.Value);
            }
        }

        _live = 8 * RunByteCount;
    }

    public PageAllocator Pages { get; }

    /// <summary>The memory of a simulated system is not there to be cleared.</summary>
    public PageAllocationFlags Flags => _isReal ? PageAllocationFlags.None : PageAllocationFlags.Uninitialized;

    public nuint FirstRun => _runs[0].Address;

    public bool Keep(bool succeeded, nuint address)
    {
        if (succeeded)
        {
            _live = Pages.GetStatistics().AllocatedByteCount;
            if (_isReal && !_runs.Exists(run => run.Address == address))
            {
                *(byte*)address = 1;
            }
        }

        return succeeded;
    }

    public bool FreeAll(Action<PageAllocator, Run> free)
    {
        foreach (Run run in _runs)
        {
            free(Pages, run);
            _live -= run.ByteCount;
        }

        _runs.Clear();
        return true;
    }

    public bool FreeSome()
    {
        foreach (Run run in _runs.Where(static run => run.Value % 2 == 0).ToArray())
        {
            Pages.Free(run.Address);
            _live -= run.ByteCount;
            _runs.Remove(run);
        }

        return true;
    }

    public void Verify(bool succeeded)
    {
        Pages.Validate();
        Pages.Map.Validate();
        PageAllocatorStatistics statistics = Pages.GetStatistics();
        Assert.Equal(_live, statistics.AllocatedByteCount);
        Assert.Equal(Pages.Map.GetStatistics().CommittedByteCount, statistics.CommittedByteCount);
        if (!_isReal)
        {
            return;
        }

        foreach (Run run in _runs)
        {
            Assert.Equal(-1, BytesOf(run).IndexOfAnyExcept(run.Value));
        }

        if (succeeded)
        {
            // What is handed out next is clean, whatever was refused before.
            Run next = new(Pages.Allocate(RunByteCount), RunByteCount, 0);
            Assert.Equal(-1, BytesOf(next).IndexOfAnyExcept(next.Value));
            _live += RunByteCount;
        }
    }

    public void Dispose() => Pages.Dispose();

    private static Span<byte> BytesOf(in Run run) => new((void*)run.Address, (int)run.ByteCount);

    public readonly record struct Run(nuint Address, nuint ByteCount, byte Value);
}

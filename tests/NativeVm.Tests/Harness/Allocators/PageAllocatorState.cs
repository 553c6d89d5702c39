using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>An allocator that keeps little, and runs of it that are filled.</summary>
public sealed unsafe class PageAllocatorState : IDisposable
{
    private const nuint RunByteCount = 1 << 20;

    private readonly List<Run> _runs = [];
    private nuint _live;

    public PageAllocatorState(FaultPlatforms platforms)
    {
        Pages = new PageAllocator(new PageAllocatorOptions
        {
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            RetainHighMark = 3 << 20,
            RetainLowMark = 1 << 20,
            TrimsInBackground = false,
        });
        for (int i = 0; i < 8; i++)
        {
            nuint address = Pages.Allocate(RunByteCount);
            new Span<byte>((void*)address, (int)RunByteCount).Fill((byte)(i + 1));
            _runs.Add(new Run(address, RunByteCount, (byte)(i + 1)));
        }

        _live = 8 * RunByteCount;
    }

    public PageAllocator Pages { get; }

    public nuint FirstRun => _runs[0].Address;

    public bool Keep(bool succeeded, nuint address)
    {
        if (succeeded)
        {
            _live = Pages.GetStatistics().AllocatedByteCount;
            *(byte*)address = 1;
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
        foreach (Run run in _runs)
        {
            Assert.Equal(-1, new Span<byte>((void*)run.Address, (int)run.ByteCount).IndexOfAnyExcept(run.Value));
        }

        // What is handed out next is clean, whatever was refused before.
        Assert.True(succeeded || Pages.TryAllocate(RunByteCount, 1, PageAllocationFlags.None, out _));
        _live = Pages.GetStatistics().AllocatedByteCount;
    }

    public void Dispose() => Pages.Dispose();

    public readonly record struct Run(nuint Address, nuint ByteCount, byte Value);
}

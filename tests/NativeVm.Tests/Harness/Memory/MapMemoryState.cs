using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Memory;

/// <summary>A map of real pages, a pool, and memory of the one and the other.</summary>
public sealed class MapMemoryState : IDisposable
{
    public MapMemoryState(FaultPlatforms platforms)
    {
        Map = new VmMap(new VmMapOptions { ByteCount = 8 << 20, Platform = platforms.Pages, MetadataPlatform = platforms.Metadata });
        Pages = new PageAllocator(new PageAllocatorOptions
        {
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            RetainHighMark = 0,
            TrimsInBackground = false,
        });
        Pool = new VmMemoryPool<byte>(new VmMemoryPoolOptions { Pages = Pages });
        Kept = VmMemory.Allocate<byte>(Map, 10_000);
        Kept.GetSpan().Fill(7);
    }

    public VmMap Map { get; }

    public PageAllocator Pages { get; }

    public VmMemoryPool<byte> Pool { get; }

    public VmMemoryManager<byte> Kept { get; }

    public IDisposable? Made { get; set; }

    public void Verify()
    {
        Map.Validate();
        Pages.Validate();
        Assert.Equal(-1, Kept.GetSpan().IndexOfAnyExcept((byte)7));
    }

    public void Dispose()
    {
        Made?.Dispose();
        Kept.Dispose();
        ((IDisposable)Pool).Dispose();
        Pages.Dispose();
        Map.Dispose();
    }
}

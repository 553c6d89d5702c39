using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Harness.Maps;
using NativeVm.Tests.Objects;
using NativeVm.Tests.Platform;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>A file with a list in it, and a map around the addresses where it was made.</summary>
public sealed class PersistentMapState : IDisposable
{
    private const int Count = 100;
    private const nuint ByteCount = 64 << 20;
    private const nuint ArenaByteCount = 16 << 20;

    private readonly TemporaryFile _file = new();
    private readonly VmMap _map;
    private readonly string _before;
    private PersistentArena? _arena;

    public PersistentMapState(FaultPlatforms platforms)
    {
        _map = new VmMap(new VmMapOptions
        {
            ByteCount = ByteCount,
            Placement = Placement.Aligned(64 << 10),
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            TakesObjects = true,
        });
        Assert.True(Open());
        ArenaList.Append(_arena!, Count);
        _arena!.Flush();
        _arena.Dispose();
        _arena = null;
        UsedRecords.UseUp(platforms, _map, _map.MinAddress + (2 * ArenaByteCount), _map.MinAddress + ByteCount);
        _before = MapPicture.Of(_map, platforms.Simulated);
    }

    public bool Open()
    {
        bool isOpen = PersistentArena.TryOpen(
            new PersistentArenaOptions
            {
                Path = _file.Path,
                MaxByteCount = ArenaByteCount,
                BaseAddress = _map.MinAddress,
                Map = _map,
                TakesSpaceAhead = true,
            },
            out _arena,
            out PersistentArenaFailure failure);
        Assert.Equal(isOpen, failure.Error == PersistentArenaError.None);
        return isOpen;
    }

    public void Verify(bool succeeded)
    {
        _map.Validate();
        Assert.Equal(succeeded, _arena is not null);
        if (_arena is not null)
        {
            Assert.Equal(Count, ArenaList.Verify(_arena));
        }
        else
        {
            Assert.Equal(_before, MapPicture.Of(_map, null));
        }
    }

    public void Dispose()
    {
        _arena?.Dispose();
        _map.Dispose();
        _file.Dispose();
    }
}

using NativeVm.Testing;
using NativeVm.Tests.Objects;
using NativeVm.Tests.Platform;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>A file with a list in it, closed or open, and a path where there is none yet.</summary>
public sealed class PersistentState : IDisposable
{
    private const int Count = 100;

    private readonly FaultPlatforms _platforms;
    private readonly TemporaryFile _existing = new();
    private readonly TemporaryFile _fresh = new();

    public PersistentState(FaultPlatforms platforms, bool isOpen)
    {
        _platforms = platforms;
        Arena = PersistentArena.Open(Existing);
        ArenaList.Append(Arena, Count);
        Arena.Flush();
        if (!isOpen)
        {
            Arena.Dispose();
            Arena = null;
        }
    }

    public PersistentArena? Arena { get; set; }

    public PersistentArenaOptions Existing => OptionsOf(_existing);

    public PersistentArenaOptions Fresh => OptionsOf(_fresh);

    public void Verify()
    {
        if (Arena is { } arena && arena.Root != 0)
        {
            Assert.Equal(Count, ArenaList.Verify(arena));
        }
    }

    public void Dispose()
    {
        Arena?.Dispose();
        using (PersistentArena again = PersistentArena.Open(Existing))
        {
            Assert.Equal(Count, ArenaList.Verify(again));
        }

        _existing.Dispose();
        _fresh.Dispose();
    }

    private PersistentArenaOptions OptionsOf(TemporaryFile file) => new()
    {
        Path = file.Path,
        MaxByteCount = 16 << 20,
        Platform = _platforms.Pages,
        TakesSpaceAhead = true,
    };
}

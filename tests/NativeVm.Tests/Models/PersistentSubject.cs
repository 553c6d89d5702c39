using NativeVm.Tests.Platform;
using NativeVm.Tests.Soak;

namespace NativeVm.Tests.Models;

/// <summary>A persistent arena that is closed and opened again at random: what was allocated is there, at its address.</summary>
internal sealed class PersistentSubject : SoakSubject
{
    private const nuint MaxByteCount = 4 << 20;

    private readonly TemporaryFile _file = new();
    private readonly List<SoakBlock> _blocks = [];
    private PersistentArena _arena;

    public PersistentSubject() => _arena = Open();

    public override void Step(Random random)
    {
        switch (random.Next(12))
        {
            case 1:
                Assert.True(_arena.TryFlush(out _));
                break;
            case 2:
                nuint start = _arena.BaseAddress;
                _arena.Dispose();
                _arena = Open();
                Assert.Equal(start, _arena.BaseAddress);
                Verify();
                break;
            default:
                nuint byteCount = (nuint)(random.Next(4) == 0 ? random.Next(1, 60_000) : random.Next(1, 500));
                nuint alignment = (nuint)8 << random.Next(8);
                if (_arena.TryAllocate(byteCount, alignment, out nuint address))
                {
                    Assert.Equal((nuint)0, address % alignment);
                    _blocks.Add(new SoakBlock(address, byteCount, NextPattern()).Filled());
                }

                break;
        }
    }

    public override void Verify() => _blocks.ForEach(static block => block.Verify("an arena in a file"));

    // An arena gives nothing back.
    public override void Renew() => Verify();

    public override void Dispose()
    {
        _arena.Dispose();
        _file.Dispose();
    }

    private PersistentArena Open() =>
        PersistentArena.Open(new PersistentArenaOptions { Path = _file.Path, MaxByteCount = MaxByteCount });
}

namespace NativeVm.Tests.Soak;

/// <summary>An arena of the lane's own.</summary>
internal sealed class ArenaSubject : SoakSubject
{
    private const nuint Most = 256 << 10;
    private readonly List<SoakBlock> _live = [];
    private LinearArena _arena = Make();

    public override nuint NativeByteCount => _arena.GetStatistics().CommittedByteCount;

    public override void Step(Random random)
    {
        int choice = random.Next(1000);
        if (choice < 2 || _arena.AllocatedByteCount > Most)
        {
            Verify();
            _live.Clear();
            _arena.Reset(choice == 0 ? 0 : Most).ThrowIfFailed();
        }
        else if (choice < 50)
        {
            using ArenaScope scope = _arena.EnterScope();
            SoakBlock first = Allocate(random);
            SoakBlock second = Allocate(random);
            first.Verify("arena");
            second.Verify("arena");
        }
        else
        {
            _live.Add(Allocate(random));
        }
    }

    public override void Verify()
    {
        foreach (SoakBlock block in _live)
        {
            block.Verify("arena");
        }
    }

    public override void Renew()
    {
        Dispose();
        _arena = Make();
    }

    public override void Dispose()
    {
        if (_live.Count > 0)
        {
            Verify();
            _live.Clear();
        }

        _arena.Dispose();
    }

    private static LinearArena Make() => new(new LinearArenaOptions { ByteCount = 16 << 20, Name = "soak" });

    private SoakBlock Allocate(Random random)
    {
        nuint byteCount = (nuint)random.Next(1, 1 << random.Next(4, 11));
        nuint address = _arena.Allocate(byteCount, (nuint)1 << random.Next(8));
        SoakPattern.VerifyZero(address, byteCount, "arena");
        return new SoakBlock(address, byteCount, NextPattern()).Filled();
    }
}

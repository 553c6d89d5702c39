namespace NativeVm.Tests.Soak;

/// <summary>A pool of blocks of the lane's own, with the handles of dead blocks to try again.</summary>
internal sealed class PoolSubject(nuint blockByteCount) : SoakSubject
{
    private const int Capacity = 2000;
    private readonly List<(BlockHandle Handle, SoakBlock Block)> _live = new(Capacity);
    private BlockHandle _dead;
    private BlockPool _pool = Make(blockByteCount);

    public override nuint NativeByteCount
    {
        get
        {
            BlockPoolStatistics statistics = _pool.GetStatistics();
            return statistics.CommittedByteCount + statistics.MetadataByteCount;
        }
    }

    public override void Step(Random random)
    {
        int choice = random.Next(10_000);
        if (choice == 0)
        {
            _pool.Trim().ThrowIfFailed();
        }
        else if (choice < 5200 && _live.Count < Capacity)
        {
            nuint address = _pool.Allocate(out BlockHandle handle);
            SoakPattern.VerifyZero(address, blockByteCount, "pool");
            _live.Add((handle, new SoakBlock(address, blockByteCount, NextPattern()).Filled()));
        }
        else if (_live.Count > 0)
        {
            int index = random.Next(_live.Count);
            (BlockHandle handle, SoakBlock block) = _live[index];
            _live[index] = _live[^1];
            _live.RemoveAt(_live.Count - 1);
            Require(_pool.GetAddress(handle) == block.Address, "A handle leads elsewhere.");
            block.Verify("pool");
            _pool.Free(handle);
            Require(!_pool.TryFree(handle) && !_pool.TryGetAddress(_dead, out _), "A dead handle is taken for a live one.");
            _dead = handle;
        }
    }

    public override void Verify()
    {
        foreach ((BlockHandle handle, SoakBlock block) in _live)
        {
            Require(_pool.IsLive(handle), "A live block is taken for a dead one.");
            block.Verify("pool");
        }

        Require(_pool.LiveCount == (nuint)_live.Count, "The pool counts wrong.");
    }

    public override void Renew()
    {
        Dispose();
        _dead = default;
        _pool = Make(blockByteCount);
    }

    public override void Dispose()
    {
        if (_live.Count > 0)
        {
            Verify();
            _live.Clear();
        }

        _pool.Dispose();
    }

    private static BlockPool Make(nuint byteCount) =>
        new(new BlockPoolOptions { BlockByteCount = byteCount, Capacity = 1 << 20, Name = "soak" });

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new SoakFailureException(message);
        }
    }
}

namespace NativeVm.Tests.Soak;

/// <summary>A lane of an allocator that all lanes share: blocks that it holds, some of which change hands.</summary>
internal abstract class BlockListSubject(SoakExchange exchange, int capacity) : SoakSubject
{
    private readonly List<SoakBlock> _live = new(capacity);

    /// <summary>What failures call it.</summary>
    protected abstract string What { get; }

    /// <inheritdoc/>
    public sealed override void Step(Random random)
    {
        int choice = random.Next(100);
        if (choice < 2 && _live.Count > 0)
        {
            int index = random.Next(_live.Count);
            SoakBlock block = _live[index];
            block.Verify(What);
            _live[index] = Change(random, block);
        }
        else if (_live.Count < capacity && choice < 40 + (30 * (capacity - _live.Count) / capacity))
        {
            if (TryAllocate(random, out SoakBlock block))
            {
                _live.Add(block.Filled());
            }
        }
        else if (_live.Count > 0)
        {
            SoakBlock block = TakeAt(random.Next(_live.Count));
            if (random.Next(4) != 0 || exchange.Swap(random, block, out block))
            {
                block.Verify(What);
                Free(block);
            }
        }
    }

    /// <inheritdoc/>
    public sealed override void Verify()
    {
        foreach (SoakBlock block in _live)
        {
            block.Verify(What);
        }
    }

    /// <inheritdoc/>
    public sealed override void Renew()
    {
        while (_live.Count > 0 || exchange.TryTake(out _last))
        {
            SoakBlock block = _live.Count > 0 ? TakeAt(_live.Count - 1) : _last;
            block.Verify(What);
            Free(block);
        }
    }

    /// <inheritdoc/>
    public sealed override void Dispose() => Renew();

    /// <summary>Takes a block, zeroed ones verified, with a pattern that is not written yet.</summary>
    protected abstract bool TryAllocate(Random random, out SoakBlock block);

    /// <summary>Does something else with a block that has been verified, and says what it is afterwards.</summary>
    protected abstract SoakBlock Change(Random random, SoakBlock block);

    /// <summary>Gives a block back.</summary>
    protected abstract void Free(SoakBlock block);

    private SoakBlock _last;

    private SoakBlock TakeAt(int index)
    {
        SoakBlock block = _live[index];
        _live[index] = _live[^1];
        _live.RemoveAt(_live.Count - 1);
        return block;
    }
}

namespace NativeVm.Tests.Soak;

/// <summary>Where lanes leave blocks for others to free: a box of fixed size, so that the load itself allocates nothing.</summary>
internal sealed class SoakExchange(int capacity)
{
    private readonly Lock _lock = new();
    private readonly SoakBlock[] _blocks = new SoakBlock[capacity];
    private int _count;

    /// <summary>Leaves a block, and takes a random one of another lane if the box was full.</summary>
    /// <returns>Whether a block was taken, which is now the caller's to free.</returns>
    public bool Swap(Random random, SoakBlock given, out SoakBlock taken)
    {
        lock (_lock)
        {
            taken = default;
            if (_count < _blocks.Length)
            {
                _blocks[_count++] = given;
                return false;
            }

            int index = random.Next(_count);
            taken = _blocks[index];
            _blocks[index] = given;
            return true;
        }
    }

    /// <summary>Takes a block that somebody left, if there is one.</summary>
    public bool TryTake(out SoakBlock taken)
    {
        lock (_lock)
        {
            taken = _count == 0 ? default : _blocks[--_count];
            return taken.Address != 0;
        }
    }

    /// <summary>Verifies what lies in the box.</summary>
    public void Verify(string what)
    {
        lock (_lock)
        {
            for (int i = 0; i < _count; i++)
            {
                _blocks[i].Verify(what);
            }
        }
    }
}

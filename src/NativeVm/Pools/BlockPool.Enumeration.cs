using System.Numerics;

namespace NativeVm;

public sealed unsafe partial class BlockPool
{
    /// <summary>Goes through the live blocks in the order of their addresses.</summary>
    /// <returns>An enumerator. Blocks may be freed and allocated meanwhile; whether those are seen that were, is open.</returns>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public Enumerator GetEnumerator()
    {
        ThrowIfDisposed();
        return new Enumerator(this);
    }

    private bool IsLiveSlot(uint slot) => (_liveBits[slot >> 6] >> (int)(slot & 63) & 1) != 0;

    /// <summary>The first live block at or after a number; the number of blocks that were ever reached if there is none.</summary>
    private uint NextLive(uint slot)
    {
        if (slot >= _reachedCount)
        {
            return _reachedCount;
        }

        uint words = (_reachedCount + 63) >> 6;
        uint word = slot >> 6;
        ulong bits = _liveBits[word] & (ulong.MaxValue << (int)(slot & 63));
        while (bits == 0 && ++word < words)
        {
            bits = _liveBits[word];
        }

        return bits == 0 ? _reachedCount : (word << 6) + (uint)BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>Goes through live blocks.</summary>
    public struct Enumerator
    {
        private readonly BlockPool _pool;
        private uint _next;

        internal Enumerator(BlockPool pool) => _pool = pool;

        /// <summary>The handle of the block.</summary>
        public BlockHandle Current { get; private set; }

        /// <summary>Goes on to the next live block.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            uint slot = _pool.NextLive(_next);
            if (slot >= _pool._reachedCount)
            {
                return false;
            }

            Current = _pool.HandleOf(slot);
            _next = slot + 1;
            return true;
        }
    }
}

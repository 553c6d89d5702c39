using System.Numerics;
using System.Runtime.InteropServices;

namespace NativeVm.Memory;

/// <summary>
/// What every rent and return of a pool touches, once for every core, so that threads do not meet on it: a count of
/// what is out, and one lease that is at rest.
/// </summary>
internal sealed class RentCells
{
    private readonly Cell[] _cells = new Cell[BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64))];

    private ref Cell Mine => ref _cells[Thread.GetCurrentProcessorId() & (_cells.Length - 1)];

    /// <summary>One more is out; takes the lease at rest, if there is one.</summary>
    public PoolLease? Enter(nuint byteCount)
    {
        ref Cell cell = ref Mine;
        Interlocked.Increment(ref cell.Count);
        Interlocked.Add(ref cell.ByteCount, (long)byteCount);
        return cell.Spare is null ? null : Interlocked.Exchange(ref cell.Spare, null);
    }

    /// <summary>One less is out. A return on another core than the rent leaves one cell above and one below 0.</summary>
    public void Exit(nuint byteCount)
    {
        ref Cell cell = ref Mine;
        Interlocked.Add(ref cell.ByteCount, -(long)byteCount);
        Interlocked.Decrement(ref cell.Count);
    }

    /// <summary>Keeps a lease for the next rent.</summary>
    /// <returns>Whether there is room for it.</returns>
    public bool TryKeep(PoolLease lease)
    {
        ref Cell cell = ref Mine;
        return cell.Spare is null && Interlocked.CompareExchange(ref cell.Spare, lease, null) is null;
    }

    /// <summary>How many are out, and their bytes; exact when nothing is rented or returned meanwhile.</summary>
    public (long Count, long ByteCount) Sum()
    {
        (long count, long byteCount) = (0, 0);
        for (int i = 0; i < _cells.Length; i++)
        {
            count += Interlocked.Read(ref _cells[i].Count);
            byteCount += Interlocked.Read(ref _cells[i].ByteCount);
        }

        return (count, byteCount);
    }

    // Two cache lines, so that neighbours do not share one wherever the array begins.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Cell
    {
        public PoolLease? Spare;
        public long Count;
        public long ByteCount;
    }
}

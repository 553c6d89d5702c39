using System.Numerics;
using System.Runtime.InteropServices;

namespace NativeVm.Memory;

/// <summary>What is out of a pool, counted once for every core, so that threads do not meet on it.</summary>
/// <remarks>
/// One word holds both the count, in its upper bits, and the pages, so that a rent and a return each change it by one
/// addition. A return on another core than the rent leaves one cell too high and another too low; their sum is right.
/// </remarks>
internal sealed class RentCells
{
    private const int CountShift = 40;
    private const long PageMask = (1L << CountShift) - 1;

    private readonly Cell[] _cells = new Cell[BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64))];

    /// <summary>One more is out.</summary>
    public void Enter(nuint pageCount) => Add((1L << CountShift) + (long)pageCount);

    /// <summary>One less is out.</summary>
    public void Exit(nuint pageCount) => Add(-(1L << CountShift) - (long)pageCount);

    /// <summary>How many are out, and their pages; exact when nothing is rented or returned meanwhile.</summary>
    public (nuint Count, nuint PageCount) Sum()
    {
        long sum = 0;
        for (int i = 0; i < _cells.Length; i++)
        {
            sum = unchecked(sum + Interlocked.Read(ref _cells[i].Words));
        }

        return sum < 0 ? (0, 0) : ((nuint)(sum >> CountShift), (nuint)(sum & PageMask));
    }

    private void Add(long words) =>
        Interlocked.Add(ref _cells[Thread.GetCurrentProcessorId() & (_cells.Length - 1)].Words, words);

    // Two cache lines, so that neighbours do not share one wherever the array begins.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Cell
    {
        public long Words;
    }
}

using System.Numerics;

namespace NativeVm.Pages;

/// <summary>The free runs of a shard by length: one list for each length up to 127 pages, sixteen for each doubling above.</summary>
/// <remarks>
/// <para>
/// A bitmap says which lists have something, so that the next longer run is found in a few instructions. In a list
/// the run that was freed last comes first: its pages are the likeliest to be in the processor's caches.
/// </para>
/// <para>Lives in native memory; used under the shard's gate.</para>
/// </remarks>
internal unsafe struct PageBins
{
    private const uint ExactCount = 128;
    private const int ExactShift = 7;
    private const uint BinCount = ExactCount + ((32 - ExactShift) * 16);
    private const uint WordCount = (BinCount + 63) / 64;

    // How many runs of a list are compared when they differ in length.
    private const int Candidates = 8;

    private readonly PageRun* _runs;
    private readonly ulong* _filled;
    private readonly uint* _heads;

    /// <param name="runs">The records.</param>
    /// <param name="memory">Zeroed memory for the bins: a header of <see cref="PageRunTable"/>.</param>
    public PageBins(PageRun* runs, byte* memory)
    {
        _runs = runs;
        _filled = (ulong*)memory;
        _heads = (uint*)(_filled + WordCount);
    }

    /// <summary>The bin behind the last.</summary>
    public static uint End => BinCount;

    /// <summary>The bin of a length; longer runs are in the same bin or in a higher one.</summary>
    public static uint BinOf(uint count)
    {
        if (count < ExactCount)
        {
            return count;
        }

        int log = BitOperations.Log2(count);
        return ExactCount + ((uint)(log - ExactShift) * 16) + ((count >> (log - 4)) & 15);
    }

    /// <summary>The first run of a bin, or 0.</summary>
    public readonly uint Head(uint bin) => _heads[bin];

    public readonly void Add(uint id)
    {
        PageRun* run = _runs + id;
        uint bin = BinOf(run->Count);
        uint head = _heads[bin];
        run->Next = head;
        run->Previous = 0;
        if (head != 0)
        {
            _runs[head].Previous = id;
        }

        _heads[bin] = id;
        _filled[bin >> 6] |= 1UL << (int)(bin & 63);
    }

    public readonly void Remove(uint id)
    {
        PageRun* run = _runs + id;
        uint next = run->Next;
        uint previous = run->Previous;
        if (next != 0)
        {
            _runs[next].Previous = previous;
        }

        if (previous != 0)
        {
            _runs[previous].Next = next;
            return;
        }

        uint bin = BinOf(run->Count);
        _heads[bin] = next;
        if (next == 0)
        {
            _filled[bin >> 6] &= ~(1UL << (int)(bin & 63));
        }
    }

    /// <summary>The lowest bin from one on that has something, or <see cref="End"/>.</summary>
    public readonly uint NextFilled(uint bin)
    {
        uint word = bin >> 6;
        if (word >= WordCount)
        {
            return BinCount;
        }

        ulong bits = _filled[word] & (ulong.MaxValue << (int)(bin & 63));
        while (bits == 0)
        {
            if (++word == WordCount)
            {
                return BinCount;
            }

            bits = _filled[word];
        }

        return (word << 6) + (uint)BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>
    /// A run of at least so many pages: of the shortest that there are, or nearly so where a bin holds several
    /// lengths; 0 when there is none, or none was found among the few that were looked at.
    /// </summary>
    public readonly uint FindFit(uint count)
    {
        uint bin = NextFilled(BinOf(count));
        if (bin < ExactCount)
        {
            return _heads[bin];
        }

        for (; bin < BinCount; bin = NextFilled(bin + 1))
        {
            uint best = 0;
            uint bestCount = uint.MaxValue;
            uint id = _heads[bin];
            for (int i = 0; i < Candidates && id != 0; i++)
            {
                uint length = _runs[id].Count;
                if (length >= count && length < bestCount)
                {
                    best = id;
                    bestCount = length;
                }

                id = _runs[id].Next;
            }

            if (best != 0)
            {
                return best;
            }
        }

        return 0;
    }

    /// <summary>A run in which so many pages fit at a multiple of an alignment, or 0.</summary>
    /// <param name="count">Pages.</param>
    /// <param name="alignment">What the first page is a multiple of, and what they are counted from.</param>
    /// <param name="isExhaustive">Whether to look at every run that could do, rather than at some.</param>
    public readonly uint FindAligned(uint count, in PageAlignment alignment, bool isExhaustive)
    {
        int left = isExhaustive ? int.MaxValue : 4 * Candidates;
        for (uint bin = NextFilled(BinOf(count)); bin < BinCount && left > 0; bin = NextFilled(bin + 1))
        {
            for (uint id = _heads[bin]; id != 0 && left > 0; id = _runs[id].Next)
            {
                left--;
                if (Fits(_runs + id, count, alignment))
                {
                    return id;
                }
            }
        }

        // Any run that is longer by all that alignment can cost will do.
        ulong enough = count + (alignment.PageCount - 1);
        uint found = isExhaustive || enough < count || enough > uint.MaxValue ? 0 : FindFit((uint)enough);
        return found;
    }

    private static bool Fits(PageRun* run, uint count, in PageAlignment alignment)
    {
        ulong start = alignment.AlignUp(run->Start);
        return start < run->End && run->End - start >= count;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;
using NativeVm.Frames;

namespace NativeVm;

public sealed unsafe partial class FramePool
{
    /// <summary>Gives the pages of an allocated frame back to the system. It stays allocated and reads as zeros.</summary>
    /// <param name="frame">The number of an allocated frame.</param>
    /// <param name="splitsHugePages">
    /// Whether its pages go back even where that breaks up a huge page. By default such a frame is cleared and stays resident.
    /// </param>
    /// <returns>
    /// Whether it is done; if not, the frame is pinned, or another thread is at it, or the system refused. Nothing has
    /// changed then, except that after a refusal the contents may be gone.
    /// </returns>
    /// <remarks>Frames that are wired are cleared and stay resident.</remarks>
    /// <exception cref="ArgumentException">It is not allocated: it has been freed, or there is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool GiveBack(uint frame, bool splitsHugePages = false)
    {
        if (!TryChange(frame, FrameState.Allocated, FrameState.Allocated | FrameState.Busy))
        {
            return false;
        }

        bool isDone = MakeZero(frame, splitsHugePages, out _);
        EndBusy(frame, FrameState.Allocated);
        GC.KeepAlive(this);
        return isDone;
    }

    /// <summary>Frees a frame and gives its pages back to the system.</summary>
    /// <param name="frame">The number of an allocated frame.</param>
    /// <param name="splitsHugePages">As in <see cref="GiveBack"/>; by default such a frame keeps its pages.</param>
    /// <returns>
    /// Whether it is free now; if not, it is pinned, or another thread is at it, and nothing has changed. Should the
    /// system refuse the pages, the frame is free and keeps them.
    /// </returns>
    /// <exception cref="ArgumentException">It is not allocated: it has been freed, or there is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryFreeAndGiveBack(uint frame, bool splitsHugePages = false)
    {
        if (!TryChange(frame, FrameState.Allocated, FrameState.Allocated | FrameState.Busy))
        {
            return false;
        }

        bool isPurged = CanPurge(splitsHugePages) && MakeZero(frame, splitsHugePages, out _);
        EndBusy(frame, isPurged ? FrameState.Clean : 0);
        PushFree(frame, isPurged);
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>Gives the pages of free frames back to the system, in as few calls as there are runs of them.</summary>
    /// <param name="keepByteCount">Bytes of free frames that keep their pages, rounded down to whole frames.</param>
    /// <param name="splitsHugePages">Whether runs that are not whole huge pages go back as well.</param>
    /// <returns>Bytes that were given back; 0 for a pool that is wired.</returns>
    /// <remarks>
    /// One thread at a time; allocations meanwhile take other frames, or wait for the end when there are no others. Frames
    /// that the system refuses to take keep their pages.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public nuint Trim(nuint keepByteCount = 0, bool splitsHugePages = false)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            nuint keep = keepByteCount / FrameByteCount;
            nuint count = 0;
            nuint kept = 0;
            if (!CanPurge(splitsHugePages: true))
            {
                return 0;
            }

            // The bits say which frames this thread has taken; they put the runs in order.
            ulong* bits = (ulong*)_bitArena.Base;
            uint firstKept = 0;
            while (_retained.TryPop(_records, out uint frame))
            {
                if (kept < keep)
                {
                    _records[frame].NextPlusOne = firstKept;
                    firstKept = frame + 1;
                    kept++;
                    continue;
                }

                bits[frame >> 6] |= 1UL << (int)(frame & 63);
                count++;
            }

            PushKept(firstKept);
            return count == 0 ? 0 : PurgeRuns(bits, splitsHugePages);
        }
    }

    private bool CanPurge(bool splitsHugePages) => !_isWired && (splitsHugePages || !_front.UsesHugePages || IsWholeHugePages);

    private bool IsWholeHugePages => (FrameByteCount & (Map.Platform.HugePageSize - 1)) == 0;

    // In the order in which they were freed, the last one on top again.
    private void PushKept(uint framePlusOne)
    {
        while (framePlusOne != 0)
        {
            uint frame = framePlusOne - 1;
            framePlusOne = _records[frame].NextPlusOne;
            _retained.Push(_records, frame);
        }
    }

    private nuint PurgeRuns(ulong* bits, bool splitsHugePages)
    {
        nuint total = 0;
        uint frame = 0;
        while (TryFindBit(bits, ref frame))
        {
            uint end = frame;
            while (end < _reachedCount && (bits[end >> 6] >> (int)(end & 63) & 1) != 0)
            {
                bits[end >> 6] &= ~(1UL << (int)(end & 63));
                end++;
            }

            total += PurgeRun(frame, end, splitsHugePages);
            frame = end;
        }

        return total;
    }

    private bool TryFindBit(ulong* bits, ref uint frame)
    {
        while (frame < _reachedCount)
        {
            ulong word = bits[frame >> 6] >> (int)(frame & 63);
            if (word != 0)
            {
                frame += (uint)BitOperations.TrailingZeroCount(word);
                return true;
            }

            frame = (frame | 63) + 1;
        }

        return false;
    }

    private nuint PurgeRun(uint frame, uint end, bool splitsHugePages)
    {
        uint first = frame;
        uint last = end;
        if (!CanPurge(splitsHugePages))
        {
            NarrowToHugePages(ref first, ref last);
        }

        nuint byteCount = (last - first) * FrameByteCount;
        bool isPurged = first < last && PurgeToZero(first, byteCount);
        for (uint i = frame; i < end; i++)
        {
            bool isClean = isPurged && i >= first && i < last;
            Volatile.Write(ref _records[i].State, isClean ? FrameState.Clean : 0);
            PushFree(i, isClean);
        }

        return isPurged ? byteCount : 0;
    }

    /// <summary>The frames of a run that together are whole huge pages.</summary>
    private void NarrowToHugePages(ref uint first, ref uint last)
    {
        nuint mask = Map.Platform.HugePageSize - 1;
        while (first < last && ((first * FrameByteCount) & mask) != 0)
        {
            first++;
        }

        while (last > first && ((last * FrameByteCount) & mask) != 0)
        {
            last--;
        }
    }

    private void PushFree(uint frame, bool isClean)
    {
        if (isClean)
        {
            _clean.Push(_records, frame);
        }
        else
        {
            _retained.Push(_records, frame);
        }
    }

    private bool MakeZero(uint frame, bool splitsHugePages, out bool isPurged)
    {
        isPurged = CanPurge(splitsHugePages);
        if (isPurged)
        {
            return PurgeToZero(frame, FrameByteCount);
        }

        NativeMemory.Clear((void*)(_start + (frame * FrameByteCount)), FrameByteCount);
        return true;
    }

    private bool PurgeToZero(uint frame, nuint byteCount)
    {
        nuint address = _start + (frame * FrameByteCount);
        if (!_purgeReadsZero)
        {
            // Such a system leaves zeros or what was there; so let what was there be zeros.
            NativeMemory.Clear((void*)address, byteCount);
        }

        // Whether a huge page may be broken up was decided before (CanPurge, NarrowToHugePages).
        bool isPurged = Map.Advise(address, byteCount, VmAdvice.DontNeed, GiveBackFlags.SplitHugePages).IsSuccess;
        if (isPurged)
        {
            Interlocked.Add(ref _purgedByteCount, byteCount);
        }

        return isPurged;
    }

    private void EndBusy(uint frame, uint state) => Interlocked.Exchange(ref _records[frame].State, state);
}

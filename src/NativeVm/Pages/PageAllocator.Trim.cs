using NativeVm.Diagnostics;
using NativeVm.Pages;

namespace NativeVm;

public sealed unsafe partial class PageAllocator
{
    private const uint LeastTrimPeriod = 50;

    // A free run of this many bytes, more than half of it holding something, goes back to the map as a whole.
    private const ulong LeastRemovedByteCount = 32 << 20;

    // How many pages a shard must have come by since retained pages were last summed up.
    private const ulong LeastCheckStep = 256;

    // One thread at a time gives back, or disposes. Taken by threads that are in no operation.
    private readonly Lock _trimming = new();
    private uint _lastTrim = (uint)Environment.TickCount;
    private ulong _purgedPageCount;
    private ulong _purgeCount;

    private static uint Now => unchecked((uint)Environment.TickCount);

    /// <summary>Gives back to the system all free memory, that in the caches of all threads included.</summary>
    /// <returns>How many bytes; free memory that the system refused to take stays retained.</returns>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public nuint Trim() => Trim(0);

    /// <summary>Gives free memory back to the system, the longest runs first, until no more than so much is retained.</summary>
    /// <param name="keepByteCount">Bytes that may be kept.</param>
    /// <returns>How many bytes were given back; free memory that the system refused to take stays retained.</returns>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public nuint Trim(nuint keepByteCount)
    {
        lock (_trimming)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            EmptyCaches(idleOnly: false);
            ulong keep = keepByteCount >> _pageShift;
            ulong retained = CountRetained();
            return retained <= keep ? 0 : (nuint)GiveBack(retained - keep, age: 0) << _pageShift;
        }
    }

    /// <summary>Gives back what has been free for the allocator's age. Called by the timer.</summary>
    internal void TrimOld()
    {
        if (!_trimming.TryEnter())
        {
            return;
        }

        try
        {
            _lastTrim = Now;
            if (_isDisposed)
            {
                return;
            }

            EmptyCaches(idleOnly: true);
            DrainAll();
            _ = GiveBack(ulong.MaxValue, _age);
        }
        finally
        {
            _trimming.Exit();
        }
    }

    /// <summary>After runs have come back to a shard: gives back what is too much, and, without a timer, what is old.</summary>
    private void TrimAfterFree()
    {
        foreach (PageShard shard in _shards)
        {
            if (shard.RetainedPageCount > shard.CheckMark)
            {
                TrimToMarks();
                break;
            }
        }

        if (_trimmer is null && _age != uint.MaxValue && unchecked(Now - _lastTrim) > Math.Max(_age / 2, LeastTrimPeriod))
        {
            TrimOld();
        }
    }

    /// <summary>If more is retained than the high mark, gives back until the low mark is left.</summary>
    private void TrimToMarks()
    {
        if (!_trimming.TryEnter())
        {
            return;
        }

        try
        {
            if (_isDisposed)
            {
                return;
            }

            ulong retained = CountRetained();
            if (retained > _highMark)
            {
                retained -= Math.Min(retained, GiveBack(retained - _lowMark, age: 0));
            }

            // What can still come before the high mark is reached, shared out.
            ulong room = (_highMark - Math.Min(_highMark, retained)) / (ulong)_shards.Length;
            foreach (PageShard shard in _shards)
            {
                shard.CheckMark = shard.RetainedPageCount + (_highMark == 0 ? 0 : Math.Max(room, LeastCheckStep));
            }
        }
        finally
        {
            _trimming.Exit();
        }
    }

    /// <summary>Tries to do something about a refusal.</summary>
    /// <param name="count">Pages that were asked for.</param>
    /// <param name="attempt">How often this has been tried for the request.</param>
    /// <returns>Whether it is worth asking again.</returns>
    private bool TryMakeRoom(uint count, int attempt)
    {
        ulong deficit = _source.Deficit(count);
        if (attempt == 2 || !_source.IsWithinLimit(count))
        {
            return false;
        }

        lock (_trimming)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            EmptyCaches(idleOnly: false);
            DrainAll();
            if (deficit == 0)
            {
                // The runs of the caches may have joined to what was missing.
                return attempt == 0;
            }

            _ = GiveBack(attempt == 0 ? deficit : ulong.MaxValue, age: 0);
            return true;
        }
    }

    private ulong CountRetained()
    {
        ulong total = 0;
        foreach (PageShard shard in _shards)
        {
            total += shard.RetainedPageCount;
        }

        return total;
    }

    private void DrainAll()
    {
        foreach (PageShard shard in _shards)
        {
            shard.Gate.Enter();
            shard.Drain(Now);
            shard.Gate.Exit();
        }
    }

    /// <summary>Gives back free runs, from the longest down, until it is enough. Under the lock for trimming.</summary>
    /// <returns>How many pages that held something.</returns>
    private ulong GiveBack(ulong need, uint age)
    {
        ulong total = 0;
        for (uint bin = PageBins.End - 1; bin > 0 && total < need; bin--)
        {
            foreach (PageShard shard in _shards)
            {
                ulong last = ulong.MaxValue;
                while (total < need && last != 0 && shard.HasRuns(bin))
                {
                    last = GiveBackOf(shard, bin, need - total, age);
                    total += last;
                }
            }
        }

        Volatile.Write(ref _purgedPageCount, _purgedPageCount + total);
        if (total != 0)
        {
            NativeVmEventSource.Purged(Name, (nuint)total << _pageShift);
        }

        return total;
    }

    private ulong GiveBackOf(PageShard shard, uint bin, ulong need, uint age)
    {
        shard.Gate.Enter();
        uint id = shard.Detach(bin, Now, age, need);
        shard.Gate.Exit();
        ulong total = 0;
        while (id != 0)
        {
            uint next = _runs[id].Next;
            total += GiveBackOne(shard, id);
            id = next;
        }

        _source.LetGo(total);
        return total;
    }

    private uint GiveBackOne(PageShard shard, uint id)
    {
        PageRun* run = _runs + id;
        bool isLong = (ulong)run->Count << _pageShift >= LeastRemovedByteCount && run->DirtyCount > run->Count / 2;
        if (isLong && _source.HugePageCount == 0)
        {
            if (_source.Remove(run->Start, run->Count).IsSuccess)
            {
                Volatile.Write(ref _purgeCount, _purgeCount + 1);
                shard.Gate.Enter();
                uint forgotten = shard.Forget(id);
                shard.Gate.Exit();
                return forgotten;
            }
        }

        uint count = 0;
        if (shard.TryGetSpan(id, out ulong start, out ulong end) && _source.GiveBack(start, end - start).IsSuccess)
        {
            Volatile.Write(ref _purgeCount, _purgeCount + 1);
            count = (uint)(end - start);
        }

        shard.Gate.Enter();
        uint cleaned = shard.Reattach(id, start, count);
        shard.Gate.Exit();
        return cleaned;
    }
}

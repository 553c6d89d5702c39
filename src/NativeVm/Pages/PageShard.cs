namespace NativeVm.Pages;

/// <summary>
/// A part of an allocator's pages with a gate of its own: its free runs by length, and its figures.
/// </summary>
/// <remarks>
/// <para>
/// Two runs that are free and lie side by side in one shard are one run; so the free runs of a shard are as long as
/// they can be, whatever was allocated and freed before. Runs of different shards never join. What a thread has
/// freed and keeps in its cache counts as in use here.
/// </para>
/// <para>
/// All members are for the holder of <see cref="Gate"/>, unless they say otherwise. The gate is held while the map is
/// asked for more pages, never while pages are given back.
/// </para>
/// </remarks>
internal sealed unsafe partial class PageShard
{
    /// <summary>Guards everything in the shard.</summary>
    public PageGate Gate;

    private readonly PageSource _source;
    private readonly PageRunTable _table;
    private readonly PageMap _pages;
    private readonly PageRun* _runs;
    private readonly PageBins _bins;
    private readonly int _index;

    private uint _spare;
    private uint _nextId;
    private uint _remote;

    public PageShard(PageSource source, int index)
    {
        _source = source;
        _table = source.Table;
        _pages = source.Pages;
        _runs = _table.Runs;
        _index = index;
        if (!_table.TryGrow(index))
        {
            throw new InsufficientMemoryException("There is no memory for the records of a page allocator.");
        }

        _bins = new PageBins(_runs, _table.Header(index));
        _nextId = _table.FirstId(index);
    }

    /// <summary>Which shard it is; the upper bits of the numbers of its runs.</summary>
    public int Index => _index;

    /// <summary>Pages of the map that are this shard's.</summary>
    public ulong ReservedPageCount { get; private set; }

    /// <summary>Pages of runs that are not free.</summary>
    public ulong UsedPageCount { get; private set; }

    /// <summary>Free pages that are not known to be zero. Anybody may look.</summary>
    public ulong RetainedPageCount { get; private set; }

    /// <summary>Of all pages, those without memory behind them.</summary>
    public ulong AbsentPageCount { get; private set; }

    /// <summary>What <see cref="RetainedPageCount"/> has to pass before it is worth summing up what all shards retain.</summary>
    public ulong CheckMark { get; set; }

    /// <summary>Takes a run out of what is free.</summary>
    /// <param name="count">Pages.</param>
    /// <param name="alignment">Where it may start.</param>
    /// <param name="isExhaustive">Whether to look at every free run for one that fits.</param>
    /// <param name="id">The number of its record, in state allocated.</param>
    /// <returns>Success, no space when nothing fits, or what the limit or the system says.</returns>
    public VmResult Take(uint count, in PageAlignment alignment, bool isExhaustive, out uint id)
    {
        id = 0;
        if (!TryReserveRecords(2))
        {
            return VmResult.ResourceShortage;
        }

        uint found = alignment.PageCount == 1
            ? _bins.FindFit(count)
            : _bins.FindAligned(count, alignment, isExhaustive);
        if (found == 0 && isExhaustive)
        {
            found = _bins.FindAligned(count, alignment, isExhaustive: true);
        }

        if (found == 0)
        {
            return VmResult.NoSpace;
        }

        ulong start = alignment.AlignUp(_runs[found].Start);
        VmResult result = Populate(start, count, out uint dirtyCount);
        if (result.IsSuccess)
        {
            Carve(found, start, count, dirtyCount);
            id = found;
        }

        return result;
    }

    /// <summary>Takes back a run that its user or a cache has let go, and joins it with what is free beside it.</summary>
    public void Return(uint id, uint now)
    {
        PageRun* run = _runs + id;
        _pages.MarkDirty(run->Start, run->Count);
        run->DirtyCount = run->Count;
        run->Stamp = now;
        UsedPageCount -= run->Count;
        RetainedPageCount += run->Count;
        Join(id);
    }

    /// <summary>Takes back a chain of runs linked by <see cref="PageRun.Next"/>.</summary>
    public void ReturnAll(uint head, uint now)
    {
        while (head != 0)
        {
            uint next = _runs[head].Next;
            Return(head, now);
            head = next;
        }
    }

    /// <summary>Leaves a chain of runs for the next holder of the gate. Needs no gate.</summary>
    public void Push(uint head, uint tail)
    {
        uint old;
        do
        {
            old = Volatile.Read(ref _remote);
            _runs[tail].Next = old;
        }
        while (Interlocked.CompareExchange(ref _remote, head, old) != old);
    }

    /// <summary>Takes back what others have left.</summary>
    public void Drain(uint now)
    {
        if (Volatile.Read(ref _remote) != 0)
        {
            ReturnAll(Interlocked.Exchange(ref _remote, 0), now);
        }
    }

    /// <summary>Sees to memory behind pages that are about to be used, within the allocator's limit.</summary>
    private VmResult Populate(ulong start, uint count, out uint dirtyCount)
    {
        dirtyCount = _pages.CountDirty(start, count);
        if (dirtyCount != count && !_source.TryHold(count - dirtyCount))
        {
            return VmResult.ResourceShortage;
        }

        if (AbsentPageCount == 0)
        {
            return VmResult.Success;
        }

        uint absent = _pages.CountAbsent(start, count);
        VmResult result = absent == 0 ? VmResult.Success : _source.Commit(start, count);
        if (!result.IsSuccess)
        {
            _source.LetGo(count - dirtyCount);
            return result;
        }

        _pages.MarkPresent(start, count);
        AbsentPageCount -= absent;
        return result;
    }

    /// <summary>Cuts a piece out of a free run; what is left on either side stays free. The record becomes the piece's.</summary>
    private void Carve(uint id, ulong start, uint count, uint dirtyCount)
    {
        PageRun* run = _runs + id;
        _bins.Remove(id);
        ulong end = run->End;
        uint dirtyLeft = run->DirtyCount - dirtyCount;
        if (start != run->Start)
        {
            uint before = (uint)(start - run->Start);
            uint dirtyBefore = dirtyLeft == 0 ? 0 : _pages.CountDirty(run->Start, before);
            AddPiece(run->Start, before, dirtyBefore, run->Stamp);
            dirtyLeft -= dirtyBefore;
        }

        if (start + count != end)
        {
            AddPiece(start + count, (uint)(end - (start + count)), dirtyLeft, run->Stamp);
        }

        run->Start = start;
        run->Count = count;
        run->DirtyCount = dirtyCount;
        _pages.SetEnds(run, id);
        RetainedPageCount -= dirtyCount;
        UsedPageCount += count;
        Volatile.Write(ref run->State, PageRunState.Allocated);
    }

    private void AddPiece(ulong start, uint count, uint dirtyCount, uint stamp)
    {
        uint id = TakeRecord();
        PageRun* run = _runs + id;
        run->Start = start;
        run->Count = count;
        run->DirtyCount = dirtyCount;
        run->Stamp = stamp;
        run->State = PageRunState.Free;
        _pages.SetEnds(run, id);
        _bins.Add(id);
    }

    /// <summary>Makes a run free, together with its free neighbours. Their stamp is that of the longest.</summary>
    private void Join(uint id)
    {
        PageRun* run = _runs + id;
        if (TryGetFreeEndingAt(run->Start, out uint left) && (ulong)_runs[left].Count + run->Count <= uint.MaxValue)
        {
            _bins.Remove(left);
            Absorb(run, left, _runs[left].Start);
        }

        if (TryGetFreeStartingAt(run->End, out uint right) && (ulong)_runs[right].Count + run->Count <= uint.MaxValue)
        {
            _bins.Remove(right);
            Absorb(run, right, run->Start);
        }

        run->State = PageRunState.Free;
        _pages.SetEnds(run, id);
        _bins.Add(id);
    }

    private void Absorb(PageRun* run, uint neighbourId, ulong start)
    {
        PageRun* neighbour = _runs + neighbourId;
        run->Stamp = neighbour->Count > run->Count ? neighbour->Stamp : run->Stamp;
        run->DirtyCount += neighbour->DirtyCount;
        run->Count += neighbour->Count;
        run->Start = start;
        DropRecord(neighbourId);
    }

    private bool TryGetFreeEndingAt(ulong page, out uint id)
    {
        id = page == 0 ? 0 : _pages.GetId(page - 1);
        return IsMine(id) && _runs[id].State == PageRunState.Free && _runs[id].End == page;
    }

    private bool TryGetFreeStartingAt(ulong page, out uint id)
    {
        id = _pages.GetId(page);
        return IsMine(id) && _runs[id].State == PageRunState.Free && _runs[id].Start == page;
    }

    private bool IsMine(uint id) => id != 0 && id >> _table.Shift == (uint)_index;

    /// <summary>Makes sure of so many records, so that what follows cannot fail for want of one.</summary>
    private bool TryReserveRecords(uint count)
    {
        while (_nextId + count > _table.EndId(_index))
        {
            if (IsAnySpare(count))
            {
                return true;
            }

            if (!_table.TryGrow(_index))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAnySpare(uint count)
    {
        uint id = _spare;
        while (id != 0 && count > 0)
        {
            id = _runs[id].Next;
            count--;
        }

        return count == 0;
    }

    private uint TakeRecord()
    {
        uint id = _spare;
        if (id == 0)
        {
            return _nextId++;
        }

        _spare = _runs[id].Next;
        return id;
    }

    private void DropRecord(uint id)
    {
        Volatile.Write(ref _runs[id].State, PageRunState.Spare);
        _runs[id].Next = _spare;
        _spare = id;
    }
}

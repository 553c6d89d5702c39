using System.Numerics;
using NativeVm.Metadata;
using NativeVm.Platform;

namespace NativeVm.Pages;

/// <summary>
/// What is known of each page: which run begins or ends there, whether it may hold something else than zeros, and
/// whether there is no memory behind it.
/// </summary>
/// <remarks>
/// <para>
/// Addresses are divided into chunks of 16,384 pages. A chunk that the allocator has pages in has a block: a number
/// of a run for each page, and two bits for each page. A table has the blocks; a chunk without one has only foreign
/// pages. Blocks come from an arena apart from the pages and stay until disposal.
/// </para>
/// <para>
/// Numbers are kept right for the first and the last page of every run and nowhere else. What a page in between
/// says is out of date, and harmless: whoever follows a number looks whether the run there begins, or ends, where
/// it was looked for, and runs never overlap.
/// </para>
/// <para>
/// A page's number and bits are written under the gate of the shard that has the page; the words of bits are not
/// shared between shards, because what a shard has begins and ends at multiples of 64 pages, but for shard 0, which
/// alone may have less. Numbers are read by any thread at any time.
/// </para>
/// </remarks>
internal sealed unsafe class PageMap : IDisposable
{
    /// <summary>A chunk has two to this power of pages.</summary>
    public const int ChunkShift = 14;

    private const uint ChunkPageCount = 1u << ChunkShift;
    private const uint ChunkMask = ChunkPageCount - 1;
    private const uint DirtyOffset = ChunkPageCount * sizeof(uint);
    private const uint AbsentOffset = DirtyOffset + (ChunkPageCount / 8);
    private const uint BlockByteCount = AbsentOffset + (ChunkPageCount / 8);

    private readonly Lock _growing = new();
    private readonly MetadataArena _tableMemory;
    private readonly MetadataArena _blockMemory;
    private readonly nuint _chunkCount;
    private readonly byte** _blocks;
    private nuint _blockCount;

    /// <param name="platform">Where the memory comes from; real memory.</param>
    /// <param name="pageCount">How many pages there are to know of.</param>
    public PageMap(VmPlatform platform, ulong pageCount)
    {
        _chunkCount = (nuint)((pageCount + ChunkMask) >> ChunkShift);
        _tableMemory = new MetadataArena(platform, _chunkCount * (nuint)sizeof(byte*));
        _blockMemory = new MetadataArena(platform, _chunkCount * BlockByteCount);
        if (!_tableMemory.TryGrow(_chunkCount * (nuint)sizeof(byte*)))
        {
            _tableMemory.Dispose();
            throw new InsufficientMemoryException("There is no memory for the records of a page allocator.");
        }

        _blocks = (byte**)_tableMemory.Base;
    }

    /// <summary>Native memory with records in it.</summary>
    public nuint CommittedByteCount => _tableMemory.CommittedByteCount + _blockMemory.CommittedByteCount;

    /// <summary>Sees to blocks for a range.</summary>
    /// <returns>Whether there are; if not, those that were made stay, and say nothing.</returns>
    public bool TryCover(ulong start, ulong end)
    {
        for (ulong chunk = start >> ChunkShift; chunk <= (end - 1) >> ChunkShift; chunk++)
        {
            if (_blocks[chunk] == null && !TryMakeBlock(chunk))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The number that a page says, or 0. Takes any page, and no lock.</summary>
    public uint GetId(ulong page)
    {
        ulong chunk = page >> ChunkShift;
        byte* block = chunk < _chunkCount ? _blocks[chunk] : null;
        return block == null ? 0 : Volatile.Read(ref ((uint*)block)[page & ChunkMask]);
    }

    /// <summary>Says at both ends of a run which one it is.</summary>
    public void SetEnds(PageRun* run, uint id)
    {
        SetId(run->Start, id);
        SetId(run->End - 1, id);
    }

    public void SetId(ulong page, uint id) =>
        Volatile.Write(ref ((uint*)_blocks[page >> ChunkShift])[page & ChunkMask], id);

    /// <summary>How many pages of a range are not known to be zero.</summary>
    public uint CountDirty(ulong start, uint count) => CountBits(start, count, DirtyOffset);

    public void MarkDirty(ulong start, uint count) => SetBits(start, count, DirtyOffset);

    public void MarkClean(ulong start, uint count) => ClearBits(start, count, DirtyOffset);

    /// <summary>How many pages of a range have no memory behind them.</summary>
    public uint CountAbsent(ulong start, uint count) => CountBits(start, count, AbsentOffset);

    public void MarkAbsent(ulong start, uint count) => SetBits(start, count, AbsentOffset);

    public void MarkPresent(ulong start, uint count) => ClearBits(start, count, AbsentOffset);

    /// <summary>The next pages of a range that are not known to be zero, side by side.</summary>
    /// <param name="start">Where to look from; then the first such page.</param>
    /// <param name="end">Where to stop.</param>
    /// <param name="dirtyEnd">The first page behind them that is clean, or the end.</param>
    public bool TryFindDirty(ref ulong start, ulong end, out ulong dirtyEnd)
    {
        start = Seek(start, end, flip: 0);
        dirtyEnd = start < end ? Seek(start, end, flip: ulong.MaxValue) : end;
        return start < end;
    }

    public void Dispose()
    {
        _tableMemory.Dispose();
        _blockMemory.Dispose();
    }

    private bool TryMakeBlock(ulong chunk)
    {
        lock (_growing)
        {
            if (_blocks[chunk] != null)
            {
                return true;
            }

            if (!_blockMemory.TryGrow((_blockCount + 1) * BlockByteCount))
            {
                return false;
            }

            // Fresh memory of the arena is zero: no runs, nothing dirty, nothing absent.
            byte* block = _blockMemory.Base + (_blockCount++ * BlockByteCount);
            Volatile.Write(ref *(nuint*)&_blocks[chunk], (nuint)block);
            return true;
        }
    }

    private ulong* Word(ulong page, uint offset) =>
        (ulong*)(_blocks[page >> ChunkShift] + offset) + ((page & ChunkMask) >> 6);

    private static ulong Mask(ulong page, ulong end, out ulong next)
    {
        int bit = (int)(page & 63);
        ulong length = Math.Min(64 - (ulong)bit, end - page);
        next = page + length;
        return (ulong.MaxValue >> (int)(64 - length)) << bit;
    }

    private uint CountBits(ulong start, uint count, uint offset)
    {
        ulong end = start + count;
        int total = 0;
        while (start < end)
        {
            ulong word = *Word(start, offset);
            total += BitOperations.PopCount(word & Mask(start, end, out start));
        }

        return (uint)total;
    }

    private void SetBits(ulong start, uint count, uint offset)
    {
        ulong end = start + count;
        while (start < end)
        {
            ulong* word = Word(start, offset);
            *word |= Mask(start, end, out start);
        }
    }

    private void ClearBits(ulong start, uint count, uint offset)
    {
        ulong end = start + count;
        while (start < end)
        {
            ulong* word = Word(start, offset);
            *word &= ~Mask(start, end, out start);
        }
    }

    private ulong Seek(ulong page, ulong end, ulong flip)
    {
        while (page < end)
        {
            ulong first = page;
            ulong hits = (*Word(first, DirtyOffset) ^ flip) & Mask(first, end, out page);
            if (hits != 0)
            {
                return (first & ~63UL) + (ulong)BitOperations.TrailingZeroCount(hits);
            }
        }

        return end;
    }
}

using System.Diagnostics;
using NativeVm.Diagnostics;
using NativeVm.Heaps;
using NativeVm.Metadata;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// A general heap over pages of a map, for blocks of any size and alignment, for any number of threads: what
/// <c>malloc(3)</c> is to C.
/// </summary>
/// <remarks>
/// <para>
/// <b>Blocks.</b> Up to 32 KiB a block is one of the equal blocks of a slab, of 112 sizes (<see cref="SizeClasses"/>);
/// a larger one is a run of pages of its own. Slabs and runs come from a <see cref="PageAllocator"/>, start at
/// multiples of 64 KiB, the unit, and go back to it when nothing in them is in use. Every block is aligned to 16 bytes. A block
/// of 0 bytes is a block like another: its address is unique, and it must be freed.
/// </para>
/// <para>
/// <b>Records.</b> Nothing about blocks is kept in blocks: an overrun or a write after a free cannot corrupt the heap,
/// and neither allocating nor freeing touches the block's own memory. An address leads to its unit's eight bytes in a
/// table, these to the slab's record of a header and a bitmap. For a million blocks of some 500 bytes, table and records
/// take less than 2 MiB, and an allocation and a free of random blocks touch one line of the table and two or three of
/// records, where a free list inside the blocks would touch two lines of main memory. Whether a block is free is a
/// bit, so a double free is found by looking at it, always.
/// </para>
/// <para>
/// <b>Threads.</b> Each slab belongs to one thread, which alone hands out its blocks. It takes one bitmap word, 64
/// blocks, at a time into its bin of that size; allocating is finding the lowest bit there and clearing it, without an
/// atomic instruction; a few are taken at a time, and what the owner frees waits beside them on a small stack
/// (<see cref="SizeBin"/>). When that is full the owner frees by setting a bit; another thread sets the bit in a second word beside it,
/// atomically, and puts the slab on a list that its owner looks at before it asks for a new slab. While a word is in
/// the bin, its copy in the record keeps every bit that was set: so the record's cache line stays unwritten, and
/// shared with threads that free other blocks of that line. A set bit in the record is therefore a suspicion, which
/// is settled by reading the owner's bin. The shares of threads that have ended are taken over whole by new threads,
/// or slab by slab by a thread that would otherwise ask for memory.
/// </para>
/// <para>
/// <b>What it promises.</b> Freeing a block that is free, an address that no block starts at, or one of another heap
/// throws <see cref="VmHeapFaultException"/> and changes nothing. That is exact for calls that are ordered by the
/// program; two threads that free the same block at the same time may both succeed, and the block may then be handed out twice. Memory that
/// was freed keeps its contents until it is reused: <see cref="Allocate"/> hands out uninitialised memory, as
/// <c>malloc</c> does, <see cref="AllocateZeroed"/> zeros. With <see cref="VmHeapOptions.Hardening"/> the heap works
/// under one lock and looks for more.
/// </para>
/// <para>
/// All operations may be called by any thread, except that <see cref="Dispose"/> must not run while another call does.
/// Nothing is allocated on the managed heap but when a thread uses a heap for the first time.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public sealed unsafe partial class VmHeap : IDisposable
{
    /// <summary>What all blocks are aligned to, in bytes.</summary>
    public const int BlockAlignment = (int)SizeClasses.Granularity;

    /// <summary>The largest block in bytes that shares pages with others; a larger one is a run of pages of its own.</summary>
    public const int MaxSlabBlockByteCount = (int)SizeClasses.MaxByteCount;

    /// <summary>What a freed block is filled with by <see cref="VmHeapHardening.Poison"/>.</summary>
    public const byte FreedPattern = 0xDF;

    /// <summary>What a new block is filled with by <see cref="VmHeapHardening.Poison"/>.</summary>
    public const byte NewPattern = 0xCD;

    private const int UnitShift = 16;
    private const nuint UnitByteCount = 1 << UnitShift;
    private const ulong NoId = ulong.MaxValue;

    // Little: runs are of many lengths, and are taken and given back under the heap's lock, so that what each thread
    // keeps apart is resident and hardly serves anybody.
    private const nuint CachedRunByteCount = 512 << 10;

    // Read by every call. The identity is one that no thread has once the heap is disposed of or if it is hardened, and
    // the number of units is then 0, so that every call goes the slow way, which looks at the reason.
    private ulong _id = NoId;
    private readonly nuint _base;
    private nuint _unitCount;
    private readonly UnitEntry* _units;
    private readonly byte* _records;
    private readonly byte* _classOf = SizeClasses.NumberOf;

    // Guards the tables, the records' arena and the list of threads; not the contents of slabs.
    private readonly Lock _lock = new();
    private readonly PageAllocator _pages;
    private readonly MetadataArena _table;
    private readonly RecordArena _arena;
    private readonly HardenedHeap? _hardened;
    private nuint _slabByteCount;
    private nuint _largeByteCount;
    private readonly nuint _pageMask;
    private bool _isDisposed;

    /// <summary>Makes a heap. The first address space is reserved; no pages are committed.</summary>
    /// <param name="options">Where the pages come from, how much may be kept, what is looked for.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="SystemRefusedException">The system refused the reservation.</exception>
    /// <exception cref="InsufficientMemoryException">The system has no memory for the heap's records.</exception>
    public VmHeap(VmHeapOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Name = options.Name;
        Hardening = options.Hardening;
        if ((options.Hardening & ~VmHeapHardening.All) != 0)
        {
            throw new ArgumentException("There is no such hardening.", nameof(options));
        }

        _pages = new PageAllocator(new PageAllocatorOptions
        {
            Name = options.Name,
            Map = options.Map,
            Platform = options.Platform,
            MetadataPlatform = options.MetadataPlatform,
            MemoryLimit = options.MemoryLimit,
            RetainHighMark = options.RetainHighMark,
            RetainLowMark = options.RetainHighMark / 2,
            CacheByteCount = CachedRunByteCount,
        });
        try
        {
            VmMap map = _pages.Map;
            VmPlatform metadata = options.MetadataPlatform ?? VmPlatform.Current;
            _pageMask = map.PageSize - 1;
            _base = map.MinAddress & ~(nuint)(SizeClasses.MaxSlabByteCount - 1);

            // Unit 0 would be taken for none: a map may begin at a multiple of the largest slab.
            _base -= UnitByteCount;
            nuint unitCount = ((map.MaxAddress - _base) >> UnitShift) + 1;
            _table = new MetadataArena(metadata, unitCount * (nuint)sizeof(UnitEntry));
            _arena = new RecordArena(metadata, MostRecordBytes(unitCount));
            _records = _arena.Base;
            if (!_table.TryGrow((nuint)sizeof(UnitEntry)))
            {
                throw new InsufficientMemoryException("The system has no memory for the table of a heap.");
            }

            _units = (UnitEntry*)_table.Base;
            if (Hardening != VmHeapHardening.None)
            {
                _hardened = new HardenedHeap(this, options.QuarantineByteCount);
            }
        }
        catch
        {
            _arena?.Dispose();
            _table?.Dispose();
            _pages.Dispose();
            throw;
        }

        if (_hardened is null)
        {
            _id = ThreadSlots.NextHeapId();
            _unitCount = UnitsCommitted;
        }

        _ticket = LiveInstances.Add(this);
    }

    /// <summary>What diagnostics call the heap.</summary>
    public string Name { get; }

    /// <summary>What the heap looks for beyond what it always finds.</summary>
    public VmHeapHardening Hardening { get; }

    /// <summary>The map that the heap's pages come from.</summary>
    public VmMap Map => _pages.Map;

    private nuint UnitsCommitted => _table.CommittedByteCount / (nuint)sizeof(UnitEntry);

    private string DebuggerText => _isDisposed ? $"{Name}, disposed" : $"{Name}, {GetStatistics().BlockCount:N0} blocks";

    /// <summary>Frees all blocks and gives everything back; blocks in use become invalid.</summary>
    /// <remarks>
    /// No other call may be running. A second call does nothing; every other call afterwards throws
    /// <see cref="ObjectDisposedException"/>, on whatever thread, and so does freeing a block.
    /// </remarks>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            LiveInstances.Remove(_ticket);
            _id = NoId;
            _unitCount = 0;
            _owners.Clear();
            _shares = [];
            _pages.Dispose();
            _table.Dispose();
            _arena.Dispose();
        }
    }

    // A 64 KiB slab has a record of 1/60 of its size at most; the system commits only what is used.
    private static nuint MostRecordBytes(nuint unitCount) =>
        Math.Min((unitCount * 1088) + ((nuint)sizeof(ThreadHeap) * 1024), (nuint)uint.MaxValue << 4);
}

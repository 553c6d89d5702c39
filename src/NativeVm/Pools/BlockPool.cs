using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Arenas;
using NativeVm.Metadata;
using NativeVm.Pools;

namespace NativeVm;

/// <summary>
/// Blocks of one size side by side, handed out and freed in constant time, with handles that know when their block has
/// been freed.
/// </summary>
/// <remarks>
/// <para>
/// Block n lies at <see cref="BaseAddress"/> + n · <see cref="Stride"/>, for ever. Blocks that have been freed are
/// handed out first, the last one freed before the others, because it is in the cache; then the pool reaches one block
/// further, and commits memory in steps that grow with it.
/// </para>
/// <para>
/// What is known of the blocks lies apart from them: for each one a record of 8 bytes with its generation and the link
/// of the free list, and a bit that says whether it is live. An overrun of a block cannot corrupt them, and going
/// through the live blocks looks at one word for 64 blocks.
/// </para>
/// <para>
/// A generation rises when a block is handed out and when it is freed, so it is odd while the block is live, and a handle
/// is valid exactly as long as the generations agree. After 2^31 lives, before a handle could be taken for one of an
/// earlier life, a block is retired. Each pool encodes generations with a number of its own, so that handles of another
/// pool, or of a pool that was there before, are stale with all but certainty: a chance of one in 2^31 for each.
/// </para>
/// <para>
/// Not thread-safe: whoever frees or allocates has the pool to itself. Any number of threads may look handles up
/// meanwhile only if none of them changes it. No operation allocates on the managed heap, but for refusals.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(BlockPoolDebugView))]
public sealed unsafe partial class BlockPool : IDisposable
{
    private static uint s_poolCount;

    // Null and without blocks once disposed of.
    private SlotRecord* _records;
    private ulong* _liveBits;
    private uint _firstFree = SlotRecord.None;
    private uint _reachedCount;
    private uint _usableCount;
    private uint _liveCount;
    private uint _retiredCount;

    private readonly nuint _start;
    private readonly nuint _stride;
    private readonly uint _salt;
    private readonly uint _lastGeneration;
    private readonly bool _zeroesMemory;
    private readonly uint _capacity;
    private readonly ExactDivision _toSlot;
    private readonly OwnedRange _range;
    private readonly CommittedFront _front;
    private readonly MetadataArena _recordArena;
    private readonly MetadataArena _bitArena;

    /// <summary>Makes a pool and reserves its addresses; no memory is committed yet.</summary>
    /// <param name="options">How large blocks are, how many there may be, and from where.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">
    /// The size or the capacity is 0, the alignment no power of two, the whole beyond any address space, or map and
    /// platform contradict each other.
    /// </exception>
    /// <exception cref="VmMapException">The map that was given has no room.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public BlockPool(BlockPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.BlockByteCount);
        ArgumentOutOfRangeException.ThrowIfZero(options.Capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.Capacity, SlotRecord.None);
        nuint alignment = options.Alignment == 0 ? TypeAlignment.Of(options.BlockByteCount) : options.Alignment;
        if (!nuint.IsPow2(alignment))
        {
            throw new ArgumentException("The alignment of blocks is a power of two.", nameof(options));
        }

        Name = options.Name;
        BlockByteCount = options.BlockByteCount;
        _stride = OwnedRange.AlignUp(options.BlockByteCount, alignment);
        _capacity = (uint)options.Capacity;
        _zeroesMemory = options.ZeroesMemory;
        _toSlot = new ExactDivision(_stride);
        _lastGeneration = unchecked(options.LivesPerBlock * 2);

        // Even, so that a live block's encoded generation is odd too, and never the 0 of the default handle.
        _salt = unchecked(Interlocked.Increment(ref s_poolCount) * 0x9E37_79B9) & ~1u;
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        nuint byteCount = OwnedRange.Multiply(options.Capacity, _stride, nameof(options));
        _range = new OwnedRange(backing, byteCount, RangeAlignment.Of(backing, options.UsesHugePages, alignment));
        _front = new CommittedFront(_range, new FrontPolicy(options.CommitStep, options.MemoryLimit, options.UsesHugePages));
        _start = _range.Start;
        Platform.VmPlatform metadata = options.MetadataPlatform ?? Platform.VmPlatform.Current;
        _recordArena = new MetadataArena(metadata, options.Capacity * (nuint)sizeof(SlotRecord));
        _bitArena = new MetadataArena(metadata, ((options.Capacity + 63) / 64) * sizeof(ulong));
    }

    /// <summary>The name for diagnostics.</summary>
    public string Name { get; }

    /// <summary>The map that the range lies in.</summary>
    public VmMap Map => _range.Map;

    /// <summary>The address of block 0.</summary>
    public nuint BaseAddress => _start;

    /// <summary>Bytes of a block.</summary>
    public nuint BlockByteCount { get; }

    /// <summary>Bytes from one block to the next: those of a block, rounded up to the alignment.</summary>
    public nuint Stride => _stride;

    /// <summary>Blocks that the pool may ever have.</summary>
    public nuint Capacity => _capacity;

    /// <summary>Blocks that are live; 0 once the pool is disposed of.</summary>
    public nuint LiveCount => _liveCount;

    private string DebuggerText => _range.IsDisposed
        ? $"{Name}, disposed"
        : $"{Name}: {_liveCount:N0} live blocks of {BlockByteCount:N0} bytes";

    /// <summary>Hands out a block.</summary>
    /// <param name="handle">The life that begins.</param>
    /// <returns>The address of the block, zeroed unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">The capacity or the limit on memory is used up.</exception>
    /// <exception cref="VmMapException">There is no memory for the records.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public nuint Allocate(out BlockHandle handle)
    {
        if (TryAllocate(out handle, out nuint address))
        {
            return address;
        }

        ThrowExhausted();
        return 0;
    }

    /// <summary>Hands out a block unless there is none to be had.</summary>
    /// <param name="handle">The life that begins; the default if there is none.</param>
    /// <param name="address">The address of the block; 0 if there is none.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryAllocate(out BlockHandle handle, out nuint address)
    {
        uint slot = _firstFree;
        if (slot == SlotRecord.None)
        {
            return TryReachFurther(out handle, out address);
        }

        ref SlotRecord record = ref _records[slot];
        _firstFree = record.NextFree;
        BeginLife(slot, ref record, out handle, out address);
        if (_zeroesMemory)
        {
            NativeMemory.Clear((void*)address, BlockByteCount);
        }

        return true;
    }

    /// <summary>Ends a life.</summary>
    /// <param name="handle">The handle that the block was handed out with.</param>
    /// <exception cref="ArgumentException">It is stale: the block has been freed, or it is no block of this pool.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public void Free(BlockHandle handle)
    {
        if (!TryFree(handle))
        {
            ThrowStale(handle);
        }
    }

    /// <summary>Ends a life, if it has not ended.</summary>
    /// <param name="handle">The handle that the block was handed out with.</param>
    /// <returns>Whether it was live; if not, nothing has changed.</returns>
    public bool TryFree(BlockHandle handle)
    {
        if (!IsLive(handle))
        {
            return false;
        }

        EndLife(handle.Slot);
        return true;
    }

    /// <summary>Ends the life of the block at an address.</summary>
    /// <param name="address">The address of a live block.</param>
    /// <exception cref="ArgumentException">It is none: freed already, inside a block, or not of this pool.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public void Free(nuint address)
    {
        if (!TryGetSlot(address, out uint slot))
        {
            ThrowForeign(address);
        }

        EndLife(slot);
    }

    /// <summary>Whether the life that a handle stands for has not ended.</summary>
    /// <param name="handle">Any handle, the default and those of other pools included.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLive(BlockHandle handle) =>
        handle.Slot < _reachedCount && (_records[handle.Slot].Generation ^ _salt) == handle.Generation && (handle.Generation & 1) != 0;

    /// <summary>The address of a live block.</summary>
    /// <param name="handle">The handle that the block was handed out with.</param>
    /// <exception cref="ArgumentException">It is stale: the block has been freed, or it is no block of this pool.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint GetAddress(BlockHandle handle)
    {
        if (!IsLive(handle))
        {
            ThrowStale(handle);
        }

        return AddressOf(handle.Slot);
    }

    /// <summary>The address of a block if it is live.</summary>
    /// <param name="handle">Any handle.</param>
    /// <param name="address">The address; 0 if it is stale.</param>
    /// <returns>Whether it is live.</returns>
    public bool TryGetAddress(BlockHandle handle, out nuint address)
    {
        bool isLive = IsLive(handle);
        address = isLive ? AddressOf(handle.Slot) : 0;
        return isLive;
    }

    /// <summary>The handle of the live block at an address.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="handle">The handle; the default if there is none.</param>
    /// <returns>Whether a live block starts there.</returns>
    public bool TryGetHandle(nuint address, out BlockHandle handle)
    {
        bool isLive = TryGetSlot(address, out uint slot);
        handle = isLive ? HandleOf(slot) : default;
        return isLive;
    }

    private nuint AddressOf(uint slot) => _start + (slot * _stride);

    private BlockHandle HandleOf(uint slot) => new(slot, _records[slot].Generation ^ _salt);

    private bool TryGetSlot(nuint address, out uint slot)
    {
        ulong quotient = _toSlot.Divide(unchecked((ulong)(address - _start)));
        slot = unchecked((uint)quotient);
        return quotient < _reachedCount && (_records[slot].Generation & 1) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginLife(uint slot, ref SlotRecord record, out BlockHandle handle, out nuint address)
    {
        record.Generation++;
        _liveBits[slot >> 6] |= 1UL << (int)(slot & 63);
        _liveCount++;
        handle = new BlockHandle(slot, record.Generation ^ _salt);
        address = AddressOf(slot);
    }

    private void EndLife(uint slot)
    {
        ref SlotRecord record = ref _records[slot];
        record.Generation = unchecked(record.Generation + 1);
        _liveBits[slot >> 6] &= ~(1UL << (int)(slot & 63));
        _liveCount--;
        if (record.Generation == _lastGeneration)
        {
            _retiredCount++;
            return;
        }

        record.NextFree = _firstFree;
        _firstFree = slot;
    }

    [DoesNotReturn]
    private void ThrowStale(BlockHandle handle)
    {
        ThrowIfDisposed();
        throw new ArgumentException($"Stale: {handle} is not live in the pool '{Name}'; it has been freed, or is another pool's.", nameof(handle));
    }

    [DoesNotReturn]
    private void ThrowForeign(nuint address)
    {
        ThrowIfDisposed();
        throw new ArgumentException($"No live block of the pool '{Name}' starts at 0x{address:x}; it has been freed, or is somebody else's.", nameof(address));
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_range.IsDisposed, this);
}

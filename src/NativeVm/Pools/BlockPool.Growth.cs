using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Pools;

namespace NativeVm;

public sealed unsafe partial class BlockPool
{
    /// <summary>Ends all lives. Every handle is stale afterwards; pages are kept.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public void FreeAll()
    {
        ThrowIfDisposed();
        foreach (BlockHandle handle in this)
        {
            EndLife(handle.Slot);
        }
    }

    /// <summary>Gives back to the system all pages on which no block is live. The pool can hand their blocks out again.</summary>
    /// <returns>
    /// Success; <see cref="VmResult.ResourceShortage"/> when the system refuses: some pages may then have been given back,
    /// and no live block has changed.
    /// </returns>
    /// <remarks>
    /// The pages stay committed; their contents are gone. It costs a call for each run of such pages, those included that
    /// an earlier call gave back.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public VmResult Trim()
    {
        ThrowIfDisposed();
        uint slot = 0;
        while (slot < _reachedCount)
        {
            uint end = NextLive(slot);
            VmResult result = Purge(slot, end);
            if (!result.IsSuccess)
            {
                return result;
            }

            slot = end;
            while (slot < _reachedCount && IsLiveSlot(slot))
            {
                slot++;
            }
        }

        return VmResult.Success;
    }

    /// <summary>The figures of the pool now.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public BlockPoolStatistics GetStatistics()
    {
        ThrowIfDisposed();
        return new BlockPoolStatistics
        {
            ReservedByteCount = _range.ByteCount,
            CommittedByteCount = _front.ByteCount,
            AllocatedByteCount = _liveCount * _stride,
            MetadataByteCount = _recordArena.CommittedByteCount + _bitArena.CommittedByteCount,
            LiveCount = _liveCount,
            ReachedCount = _reachedCount,
            RetiredCount = _retiredCount,
        };
    }

    /// <summary>Gives the range back with all blocks. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_range.IsDisposed)
        {
            return;
        }

        _firstFree = SlotRecord.None;
        _reachedCount = _usableCount = _liveCount = 0;
        _records = null;
        _liveBits = null;
        _range.Dispose();
        _recordArena.Dispose();
        _bitArena.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReachFurther(out BlockHandle handle, out nuint address)
    {
        if (_reachedCount == _usableCount && !TryGrow().IsSuccess)
        {
            handle = default;
            address = 0;
            return false;
        }

        // Fresh pages read as zeros.
        uint slot = _reachedCount++;
        BeginLife(slot, ref _records[slot], out handle, out address);
        return true;
    }

    private VmResult TryGrow()
    {
        ThrowIfDisposed();
        if (_reachedCount == _capacity)
        {
            return VmResult.NoSpace;
        }

        nuint least = (nuint)_reachedCount + 1;
        VmResult result = _front.Grow(least * _stride);
        if (!result.IsSuccess)
        {
            return result;
        }

        // As many as there is memory for; should there be none for so many records, for one more.
        nuint most = Math.Min(_capacity, _front.ByteCount / _stride);
        if (!TryGrowRecords(most, ref least))
        {
            return VmResult.ResourceShortage;
        }

        _usableCount = (uint)least;
        return VmResult.Success;
    }

    private bool TryGrowRecords(nuint most, ref nuint least)
    {
        if (TryGrowRecords(most))
        {
            least = most;
        }
        else if (!TryGrowRecords(least))
        {
            return false;
        }

        _records = (SlotRecord*)_recordArena.Base;
        _liveBits = (ulong*)_bitArena.Base;
        return true;
    }

    private bool TryGrowRecords(nuint count) =>
        _recordArena.TryGrow(count * (nuint)sizeof(SlotRecord)) && _bitArena.TryGrow((count + 63) / 64 * sizeof(ulong));

    private VmResult Purge(uint slot, uint end)
    {
        nuint mask = (_front.UsesHugePages ? Map.Platform.HugePageSize : Map.PageSize) - 1;
        nuint first = (AddressOf(slot) + mask) & ~mask;
        nuint last = Math.Min(AddressOf(end), _front.End) & ~mask;
        return first < last ? Map.Advise(first, last - first, VmAdvice.DontNeed) : VmResult.Success;
    }

    [DoesNotReturn]
    private void ThrowExhausted()
    {
        if (_reachedCount == _capacity)
        {
            throw new InsufficientMemoryException(
                $"All {_capacity} blocks of the pool '{Name}' are live or retired; make it with a larger Capacity.");
        }

        // Asked again for the reason, which an attempt does not keep. It may be gone.
        VmResult result = TryGrow();
        nuint needed = ((nuint)_reachedCount + 1) * _stride;
        if (result.IsSuccess || result.Code == VmResultCode.NoSpace)
        {
            _front.Throw($"The pool '{Name}'", needed, VmResult.ResourceShortage);
        }

        result.ThrowIfFailed();
        throw new UnreachableException("What failed has thrown.");
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Diagnostics;
using NativeVm.Heaps;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <summary>Gives a block back (<c>free</c>), on whatever thread.</summary>
    /// <param name="block">A block of this heap in use, of any size; null does nothing.</param>
    /// <exception cref="VmHeapFaultException">
    /// No block in use starts there; or a hardened heap found that something had been written where it should not.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(void* block)
    {
        if (AllocationTracking.IsOn)
        {
            AllocationTracking.Freed(_ticket, (nuint)block);
        }

        nuint unit = unchecked((nuint)block - _base) >> UnitShift;
        if (ThreadSlots.CurrentHeapId == _id && unit < _unitCount)
        {
            // A unit that is no slab has class 0. That the bin names the block as in use settles all other questions:
            // it names blocks of its own slabs only.
            ThreadHeap* share = (ThreadHeap*)ThreadSlots.CurrentShare;
            SizeBin* bin = ThreadHeap.Bin(share, UnitEntry.ClassAt(_units + unit));
            if (bin->Last == (nuint)block)
            {
                bin->Last = ~(nuint)block;
                return;
            }

            FreeHere(block, unit, share);
            return;
        }

        FreeSlow(block);
    }

    /// <summary>A block that is not the one its bin has handed out last, of a unit within the table.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeHere(void* block, nuint unit, ThreadHeap* share)
    {
        UnitEntry entry = _units[unit];
        if (entry.Owner == share->Id)
        {
            SizeBin* bin = ThreadHeap.Bin(share, entry.Class);
            uint offset = (uint)(nuint)block & bin->SlabMask;
            uint index = (uint)((offset * bin->Reciprocal) >> SizeClasses.ReciprocalShift);
            RunRecord* slab = RecordAt(entry.Record);
            WordPair* word = RunRecord.Words(slab) + (index >> 6);
            ulong bit = 1UL << (int)(index & 63);

            // The bits of the bin if the word is its current one, without a branch: which it is cannot be foreseen.
            ulong free = word->Free;
            free ^= (free ^ bin->Bits) & (0 - (ulong)(word == bin->Word ? 1 : 0));
            if (index * bin->BlockByteCount == offset
                && index < bin->BlockCount
                && ((free | word->Remote) & bit) == 0
                && !SizeBin.IsRecent(bin, (nuint)block))
            {
                uint mark = 1u << (int)(index >> 6);
                if ((slab->Recent & mark) == 0)
                {
                    slab->Recent |= mark;
                }

                if (!SizeBin.TryPush(bin, (nuint)block))
                {
                    FreeInSlab(bin, slab, index);
                }

                return;
            }
        }

        FreeSlow(block);
    }

    /// <summary>Sets the bit of a block in a slab of the bin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FreeInSlab(SizeBin* bin, RunRecord* slab, uint index)
    {
        WordPair* word = RunRecord.Words(slab) + (index >> 6);
        ulong bit = 1UL << (int)(index & 63);
        if (word == bin->Word)
        {
            // The copy may lack the bit, of a block that was in use when the word became the current one.
            bin->Bits |= bit;
            word->Free |= bit;
            return;
        }

        word->Free |= bit;
        slab->Summary |= 1u << (int)(index >> 6);
        if (++slab->FreeCount == slab->Trigger)
        {
            OnTrigger(bin, slab);
        }
    }

    /// <summary>Blocks of other threads, large blocks, and all that is wrong.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeSlow(void* block)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (block == null)
        {
            return;
        }

        if (_hardened is not null)
        {
            _hardened.Free(block);
            return;
        }

        UnitEntry entry = EntryOf(block);
        switch (entry.Kind)
        {
            case UnitKind.Slab:
                FreeElsewhere(entry, block);
                break;
            case UnitKind.Large:
                FreeLarge(block);
                break;
            case UnitKind.LargeInside:
                ThrowFault(VmHeapFault.InteriorPointer, block);
                break;
            default:
                ThrowFault(VmHeapFault.ForeignPointer, block);
                break;
        }
    }

    /// <summary>The entry of an address's unit; none for an address beyond the table.</summary>
    private UnitEntry EntryOf(void* address)
    {
        nuint unit = unchecked((nuint)address - _base) >> UnitShift;
        return unit < Volatile.Read(ref _unitCount) ? _units[unit] : default;
    }

    [DoesNotReturn]
    private void ThrowFault(VmHeapFault fault, void* address) => throw new VmHeapFaultException(fault, (nuint)address, Name);
}

using System.Runtime.InteropServices;
using NativeVm.Arenas;
using NativeVm.Metadata;

namespace NativeVm;

/// <content>
/// The slow way of an arena with checks. Records of the allocations lie apart from them, in the order of addresses, so
/// that those above a position are the last ones. With guards the position is always a page's start, one page after the
/// end of the last allocation.
/// </content>
public sealed unsafe partial class LinearArena
{
    /// <summary>What lies behind an allocation when <see cref="ArenaChecks.FillPatterns"/> is set.</summary>
    public const byte RedZoneByte = 0xFD;

    /// <summary>What memory is filled with when it is handed out and need not be zero.</summary>
    public const byte FreshByte = 0xCD;

    /// <summary>What memory is filled with when it is given up and need not be zero.</summary>
    public const byte GivenUpByte = 0xDD;

    private const nuint RedZoneByteCount = 16;

    private bool HasGuards => (_checks & ArenaChecks.Guards) != 0;

    private bool HasFillPatterns => (_checks & ArenaChecks.FillPatterns) != 0;

    private AllocationRecord* Records => (AllocationRecord*)_records!.Base;

    /// <summary>Looks at the red zones of all that is handed out; does nothing without <see cref="ArenaChecks.FillPatterns"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// One was overwritten; the message says behind which allocation. It is put right, so that it is reported once.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public void CheckRedZones()
    {
        ThrowIfDisposed();
        VerifyRedZones(_range.Start);
    }

    private static MetadataArena MakeRecords(LinearArenaOptions options) => new(
        options.MetadataPlatform ?? Platform.VmPlatform.Current,
        Math.Max(1, options.ByteCount / RedZoneByteCount) * (nuint)sizeof(AllocationRecord));

    private VmResult AllocateChecked(nuint byteCount, nuint alignment, out nuint address, out nuint needed)
    {
        address = 0;
        needed = _position - _range.Start;
        if (!_records!.TryGrow((_recordCount + 1) * (nuint)sizeof(AllocationRecord)))
        {
            return VmResult.ResourceShortage;
        }

        nuint end;
        VmResult result = HasGuards
            ? PlaceGuarded(byteCount, alignment, out address, out end, out needed)
            : PlaceBeforeRedZone(byteCount, alignment, out address, out end, out needed);
        if (!result.IsSuccess || byteCount == 0)
        {
            return result;
        }

        if (HasFillPatterns && !_zeroesMemory)
        {
            NativeMemory.Fill((void*)address, byteCount, FreshByte);
        }

        nuint redZone = HasFillPatterns ? end - address - byteCount : 0;
        NativeMemory.Fill((void*)(address + byteCount), redZone, RedZoneByte);
        Records[_recordCount++] = new AllocationRecord(address, byteCount, redZone);
        _position = _limit = HasGuards ? end + Map.PageSize : end;
        return VmResult.Success;
    }

    private VmResult PlaceBeforeRedZone(nuint byteCount, nuint alignment, out nuint address, out nuint end, out nuint needed)
    {
        nuint padding = unchecked(0 - _position) & (alignment - 1);
        address = end = 0;
        if (!TryAdd(_position - _range.Start, padding, byteCount, out needed) || needed > nuint.MaxValue - (2 * RedZoneByteCount))
        {
            return VmResult.NoSpace;
        }

        needed = (needed + (2 * RedZoneByteCount) - 1) & ~(RedZoneByteCount - 1);
        VmResult result = _front.Grow(needed);
        if (result.IsSuccess)
        {
            address = _position + padding;
            end = _range.Start + needed;
        }

        return result;
    }

    private VmResult PlaceGuarded(nuint byteCount, nuint alignment, out nuint address, out nuint end, out nuint needed)
    {
        nuint mask = Map.PageSize - 1;
        nuint padding = unchecked(0 - _position) & (alignment - 1);
        address = end = 0;
        if (!TryAdd(_position - _range.Start, padding, byteCount, out needed) || needed > _range.ByteCount)
        {
            return VmResult.NoSpace;
        }

        // The guard behind it is a page of the range too.
        needed = ((needed + mask) & ~mask) + Map.PageSize;
        end = _range.Start + needed - Map.PageSize;
        address = (end - byteCount) & ~(alignment - 1);
        nuint first = address & ~mask;
        if (needed > _range.ByteCount || end - first > _front.MostByteCount - _guardedByteCount)
        {
            needed = Math.Max(needed, _front.MostByteCount + 1);
            address = 0;
            return VmResult.NoSpace;
        }

        VmResult result = _range.Commit(first, end - first);
        _guardedByteCount += result.IsSuccess ? end - first : 0;
        address = result.IsSuccess ? address : 0;
        return result;
    }

    private void RewindChecked(nuint position)
    {
        VerifyRedZones(position);
        nuint count = FirstRecordAt(position);
        if (HasGuards)
        {
            _range.DecommitSurely(position, _position - position).ThrowIfFailed();
            for (nuint i = count; i < _recordCount; i++)
            {
                _guardedByteCount -= PagesOf(Records[i]);
            }
        }
        else if (_position > position)
        {
            NativeMemory.Fill((void*)position, _position - position, _zeroesMemory ? (byte)0 : GivenUpByte);
        }

        _recordCount = count;
        _position = _limit = position;
    }

    private nuint PagesOf(in AllocationRecord record)
    {
        nuint mask = Map.PageSize - 1;
        return ((record.Address + record.ByteCount + mask) & ~mask) - (record.Address & ~mask);
    }

    /// <summary>The number of records below a position.</summary>
    private nuint FirstRecordAt(nuint position)
    {
        nuint count = _recordCount;
        while (count > 0 && Records[count - 1].Address >= position)
        {
            count--;
        }

        return count;
    }

    private void VerifyRedZones(nuint position)
    {
        for (nuint i = _recordCount; i > 0 && Records[i - 1].Address >= position; i--)
        {
            AllocationRecord record = Records[i - 1];
            Span<byte> redZone = new((void*)(record.Address + record.ByteCount), (int)record.RedZoneByteCount);
            int overwritten = redZone.IndexOfAnyExcept(RedZoneByte);
            if (overwritten >= 0)
            {
                redZone.Fill(RedZoneByte);
                throw new InvalidOperationException(
                    $"In the arena '{Name}' somebody wrote {overwritten} bytes past the end of the {record.ByteCount} bytes at 0x{record.Address:x}.");
            }
        }
    }
}

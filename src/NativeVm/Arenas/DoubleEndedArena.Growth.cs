using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeVm;

public sealed unsafe partial class DoubleEndedArena
{
    private const nuint LargestStep = 64 << 20;

    /// <summary>Gives up all that both ends have handed out and keeps the pages. No system call.</summary>
    /// <exception cref="InvalidOperationException">A scope is open.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public void Reset()
    {
        ThrowIfDisposed();
        ThrowIfScopeIsOpen();
        RewindTo(ArenaEnd.Low, _range.Start);
        RewindTo(ArenaEnd.High, _range.End);
    }

    /// <summary>Gives back to the system all pages between what the ends have handed out.</summary>
    /// <returns>Success; <see cref="VmResult.ResourceShortage"/> when the system refuses: then nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public VmResult Trim()
    {
        ThrowIfDisposed();
        nuint mask = Map.PageSize - 1;
        nuint from = (_low + mask) & ~mask;
        nuint to = _high & ~mask;
        if (from >= to || (_lowCommitted <= from && _highCommitted >= to))
        {
            return VmResult.Success;
        }

        // One call over both pieces and what is reserved between them.
        VmResult result = _range.Decommit(from, to - from);
        if (result.IsSuccess)
        {
            bool haveMet = HaveMet;
            _lowCommitted = haveMet ? from : Math.Min(_lowCommitted, from);
            _highCommitted = haveMet ? to : Math.Max(_highCommitted, to);
            _lowLimit = Math.Min(_lowLimit, Math.Max(_low, _lowCommitted));
            _highLimit = Math.Max(_highLimit, Math.Min(_high, _highCommitted));
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private nuint AllocateSlowly(ArenaEnd end, nuint byteCount, nuint alignment)
    {
        VmResult result = Place(end, byteCount, alignment, out nuint address);
        if (result.Code == VmResultCode.NoSpace)
        {
            throw new InsufficientMemoryException(
                $"The ends of the arena '{Name}' are {_high - _low} bytes apart, of which {_mostByteCount - CommittedByteCount} "
                + $"may still be committed, and {byteCount} are wanted; give it a larger ByteCount or MemoryLimit.");
        }

        result.ThrowIfFailed();
        return address;
    }

    /// <summary>Whether the two committed pieces have met, so that all of the range is committed.</summary>
    private bool HaveMet => _lowCommitted == _highCommitted;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private VmResult Place(ArenaEnd end, nuint byteCount, nuint alignment, out nuint address)
    {
        ThrowIfDisposed();
        VmResult result = TryPlace(end, byteCount, alignment, out address);
        if (result.Code == VmResultCode.NoSpace && byteCount <= _high - _low && CommittedByteCount > _mostByteCount - Math.Min(byteCount, _mostByteCount))
        {
            // The limit is reached with memory that is held in advance, at this end or the other.
            result = Trim().IsSuccess ? TryPlace(end, byteCount, alignment, out address) : result;
        }

        return result;
    }

    private VmResult TryPlace(ArenaEnd end, nuint byteCount, nuint alignment, out nuint address)
    {
        address = 0;
        if (!nuint.IsPow2(alignment))
        {
            throw new ArgumentOutOfRangeException(nameof(alignment), alignment, "An alignment is a power of two.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)end, (byte)ArenaEnd.High, nameof(end));
        nuint room = _high - _low;
        if (byteCount > room)
        {
            return VmResult.NoSpace;
        }

        nuint rounded = RoundUp(byteCount);
        nuint mask = Math.Max(alignment, LinearArena.DefaultAlignment) - 1;
        if (end == ArenaEnd.Low)
        {
            nuint padding = unchecked(0 - _low) & mask;
            return padding > room - rounded ? VmResult.NoSpace : PlaceLow(_low + padding, rounded, out address);
        }

        nuint start = (_high - rounded) & ~mask;
        return start < _low ? VmResult.NoSpace : PlaceHigh(start, out address);
    }

    /// <summary>
    /// Half-way between the positions: once all is committed the ends divide evenly what is left, and so take the slow
    /// path O(log n) times until they meet.
    /// </summary>
    private nuint Middle => (_low + ((_high - _low) / 2)) & ~(LinearArena.DefaultAlignment - 1);

    private VmResult PlaceLow(nuint start, nuint byteCount, out nuint address)
    {
        nuint end = start + byteCount;
        VmResult result = end <= _lowCommitted || HaveMet ? VmResult.Success : CommitLow(end);
        address = result.IsSuccess ? start : 0;
        if (result.IsSuccess)
        {
            _low = end;
            _highLimit = HaveMet ? Middle : Math.Max(_highLimit, end);
            _lowLimit = HaveMet ? _highLimit : Math.Max(end, Math.Min(_lowCommitted, _highLimit));
        }

        return result;
    }

    private VmResult PlaceHigh(nuint start, out nuint address)
    {
        VmResult result = start >= _highCommitted || HaveMet ? VmResult.Success : CommitHigh(start);
        address = result.IsSuccess ? start : 0;
        if (result.IsSuccess)
        {
            _high = start;
            _lowLimit = HaveMet ? Middle : Math.Min(_lowLimit, start);
            _highLimit = HaveMet ? _lowLimit : Math.Min(start, Math.Max(_highCommitted, _lowLimit));
        }

        return result;
    }

    /// <summary>Commits upwards to an address at least, or all up to the other piece.</summary>
    private VmResult CommitLow(nuint end)
    {
        nuint mask = Map.PageSize - 1;
        nuint scant = Math.Min((end + mask) & ~mask, _highCommitted) - _lowCommitted;
        VmResult result = TryCommit(scant, isLow: true, out nuint added);
        _lowCommitted += added;
        return result;
    }

    /// <summary>Commits downwards to an address at least, or all down to the other piece.</summary>
    private VmResult CommitHigh(nuint start)
    {
        nuint scant = _highCommitted - Math.Max(start & ~(Map.PageSize - 1), _lowCommitted);
        VmResult result = TryCommit(scant, isLow: false, out nuint added);
        _highCommitted -= added;
        return result;
    }

    private VmResult TryCommit(nuint scant, bool isLow, out nuint added)
    {
        nuint left = _mostByteCount - CommittedByteCount;
        added = 0;
        if (scant > left)
        {
            return VmResult.NoSpace;
        }

        nuint mask = Map.PageSize - 1;
        nuint step = Math.Clamp(CommittedByteCount / 4, _leastStep, Math.Max(_leastStep, LargestStep)) & ~mask;
        nuint generous = Math.Max(scant, Math.Min(step, Math.Min(left, _highCommitted - _lowCommitted)));
        VmResult result = _range.Commit(isLow ? _lowCommitted : _highCommitted - generous, generous);
        if (result.IsSuccess || scant == generous)
        {
            added = result.IsSuccess ? generous : 0;
            return result;
        }

        result = _range.Commit(isLow ? _lowCommitted : _highCommitted - scant, scant);
        added = result.IsSuccess ? scant : 0;
        return result;
    }

    private void RewindTo(ArenaEnd end, nuint position)
    {
        nuint from = end == ArenaEnd.Low ? position : _high;
        nuint to = end == ArenaEnd.Low ? _low : position;
        if (_zeroesMemory && to > from)
        {
            NativeMemory.Clear((void*)from, to - from);
        }

        if (end == ArenaEnd.Low)
        {
            _low = position;
        }
        else
        {
            _high = position;
        }
    }
}

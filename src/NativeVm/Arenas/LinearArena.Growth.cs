using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeVm;

public sealed unsafe partial class LinearArena
{
    /// <summary>Gives up all that was handed out and keeps the pages, without a system call unless there are guards.</summary>
    /// <exception cref="InvalidOperationException">A scope is open, or a red zone was overwritten.</exception>
    /// <exception cref="Platform.SystemRefusedException">
    /// With <see cref="ArenaChecks.Guards"/>: the system refused to take pages back; nothing has changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public void Reset()
    {
        ThrowIfDisposed();
        ThrowIfScopeIsOpen();
        RewindTo(_range.Start);
    }

    /// <summary>Gives up all that was handed out and gives pages back to the system.</summary>
    /// <param name="keepByteCount">Bytes that stay committed if they are, rounded up to whole pages.</param>
    /// <returns>
    /// Success; <see cref="VmResult.ResourceShortage"/> when the system refuses: then nothing has been given up, or, with
    /// <see cref="ArenaChecks"/>, the allocations but no pages.
    /// </returns>
    /// <exception cref="InvalidOperationException">A scope is open, or a red zone was overwritten.</exception>
    /// <exception cref="Platform.SystemRefusedException">
    /// With <see cref="ArenaChecks.Guards"/>: the system refused to take pages back; nothing has changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public VmResult Reset(nuint keepByteCount)
    {
        ThrowIfDisposed();
        ThrowIfScopeIsOpen();
        if (_checks != ArenaChecks.None)
        {
            RewindTo(_range.Start);
            return _front.Shrink(keepByteCount);
        }

        VmResult result = ShrinkTo(keepByteCount);
        if (result.IsSuccess)
        {
            RewindTo(_range.Start);
        }

        return result;
    }

    /// <summary>Gives back to the system the pages above what is handed out.</summary>
    /// <param name="keepByteCount">Bytes that stay committed if they are, counted from the start of the arena.</param>
    /// <returns>Success; <see cref="VmResult.ResourceShortage"/> when the system refuses: then nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public VmResult Trim(nuint keepByteCount = 0)
    {
        ThrowIfDisposed();
        return ShrinkTo(Math.Max(keepByteCount, _position - _range.Start));
    }

    private VmResult ShrinkTo(nuint keepByteCount)
    {
        VmResult result = _front.Shrink(keepByteCount);
        if (result.IsSuccess && _checks == ArenaChecks.None)
        {
            // What is above it is handed out no more until it is committed again; a reset moves the position next.
            _limit = _front.End;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private nuint AllocateSlowly(nuint byteCount, nuint alignment)
    {
        VmResult result = TryAllocateSlowly(byteCount, alignment, out nuint address, out nuint needed);
        if (!result.IsSuccess)
        {
            _front.Throw($"The arena '{Name}'", needed, result);
        }

        return address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private VmResult TryAllocateSlowly(nuint byteCount, nuint alignment, out nuint address, out nuint needed)
    {
        ThrowIfDisposed();
        if (!nuint.IsPow2(alignment))
        {
            throw new ArgumentOutOfRangeException(nameof(alignment), alignment, "An alignment is a power of two.");
        }

        if (_checks != ArenaChecks.None)
        {
            return AllocateChecked(byteCount, Math.Max(alignment, DefaultAlignment), out address, out needed);
        }

        unchecked
        {
            nuint padding = (0 - _position) & (alignment - 1);
            if (!TryAdd(_position - _range.Start, padding, byteCount, out needed))
            {
                address = 0;
                return VmResult.NoSpace;
            }

            VmResult result = _front.Grow(needed);
            address = result.IsSuccess ? _position + padding : 0;
            if (result.IsSuccess)
            {
                _limit = _front.End;
                _position = address + ((byteCount + (DefaultAlignment - 1)) & ~(DefaultAlignment - 1));
            }

            return result;
        }
    }

    /// <summary>The sum of three numbers; <see cref="nuint.MaxValue"/>, and false, where there is none.</summary>
    private static bool TryAdd(nuint first, nuint second, nuint third, out nuint sum)
    {
        sum = nuint.MaxValue;
        if (second > nuint.MaxValue - first || third > nuint.MaxValue - first - second)
        {
            return false;
        }

        sum = first + second + third;
        return true;
    }

    /// <summary>Moves the position back to where it was, and makes what lies above it read as zeros.</summary>
    private void RewindTo(nuint position)
    {
        _peakPosition = Math.Max(_peakPosition, _position);
        if (_checks != ArenaChecks.None)
        {
            RewindChecked(position);
            return;
        }

        nuint usedEnd = Math.Min(_position, _front.End);
        if (_zeroesMemory && usedEnd > position)
        {
            NativeMemory.Clear((void*)position, usedEnd - position);
        }

        _position = position;
    }
}

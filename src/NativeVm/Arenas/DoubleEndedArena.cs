using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Arenas;
using NativeVm.Diagnostics;

namespace NativeVm;

/// <summary>
/// One range of addresses handed out from both ends: results from the one and scratch from the other, without knowing
/// beforehand how much of it either will need.
/// </summary>
/// <remarks>
/// <para>
/// Each end has a position, up to which it has handed out, and a limit, up to which it may go without asking. The
/// ranges between position and limit are committed, and the two limits never pass each other; so the fast path of an
/// end is one comparison and need not look at the other end. An end that reaches its limit commits more; where that
/// would reach into what the other end holds in advance and has not handed out, the other's limit is drawn back first.
/// Only when the positions themselves would meet is there no more.
/// </para>
/// <para>
/// What lies between the positions reads as zeros, as in a <see cref="LinearArena"/>, and is cleared when it is given
/// up. Committed are two pieces, one at each end, until they meet.
/// </para>
/// <para>
/// Not thread-safe: one thread at a time, both ends together. No operation allocates on the managed heap, but for
/// refusals.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public sealed partial class DoubleEndedArena : IDisposable
{
    // Multiples of the default alignment; _low <= _lowLimit <= _highLimit <= _high. All 0 once disposed of.
    private nuint _low;
    private nuint _lowLimit;
    private nuint _highLimit;
    private nuint _high;

    private readonly OwnedRange _range;
    private readonly nuint _mostByteCount;
    private readonly nuint _leastStep;
    private readonly bool _zeroesMemory;

    // Whole pages: committed are [start, _lowCommitted) and [_highCommitted, end).
    private nuint _lowCommitted;
    private nuint _highCommitted;

    /// <summary>Makes an arena and reserves its addresses; no memory is committed yet.</summary>
    /// <param name="options">How large, and from where.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">The length is 0 or beyond any address space, or map and platform contradict each other.</exception>
    /// <exception cref="VmMapException">The map that was given has no room.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public DoubleEndedArena(DoubleEndedArenaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.ByteCount);
        Name = options.Name;
        _zeroesMemory = options.ZeroesMemory;
        _leastStep = options.CommitStep == 0 ? CommittedFront.UsualStep : options.CommitStep;
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        _range = new OwnedRange(backing, options.ByteCount, RangeAlignment.Of(backing, usesHugePages: false));
        nuint limit = options.MemoryLimit == 0 ? nuint.MaxValue : options.MemoryLimit;
        _mostByteCount = Math.Min(_range.ByteCount, limit & ~(Map.PageSize - 1));
        _low = _lowLimit = _lowCommitted = _range.Start;
        _high = _highLimit = _highCommitted = _range.End;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name for diagnostics.</summary>
    public string Name { get; }

    /// <summary>The map that the range lies in.</summary>
    public VmMap Map => _range.Map;

    /// <summary>The first address of the range.</summary>
    public nuint BaseAddress => _range.Start;

    /// <summary>Bytes of address space that the ends share.</summary>
    public nuint ByteCount => _range.ByteCount;

    private string DebuggerText => _range.IsDisposed
        ? $"{Name}, disposed"
        : $"{Name}: {_low - _range.Start:N0} bytes low, {_range.End - _high:N0} high, of {_range.ByteCount:N0}";

    /// <summary>Hands out memory from the lower end, at <see cref="LinearArena.DefaultAlignment"/>.</summary>
    /// <param name="byteCount">Bytes; 0 gives an address of which no byte may be used.</param>
    /// <returns>The first address, zeroed unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">The ends have met, or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint AllocateLow(nuint byteCount)
    {
        unchecked
        {
            nuint position = _low;
            if (byteCount - 1 < _lowLimit - position)
            {
                _low = position + RoundUp(byteCount);
                return position;
            }
        }

        return AllocateSlowly(ArenaEnd.Low, byteCount, LinearArena.DefaultAlignment);
    }

    /// <summary>Hands out memory from the upper end, at <see cref="LinearArena.DefaultAlignment"/>.</summary>
    /// <param name="byteCount">Bytes; 0 gives an address of which no byte may be used.</param>
    /// <returns>The first address, zeroed unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">The ends have met, or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint AllocateHigh(nuint byteCount)
    {
        unchecked
        {
            nuint position = _high;
            if (byteCount - 1 < position - _highLimit)
            {
                return _high = position - RoundUp(byteCount);
            }
        }

        return AllocateSlowly(ArenaEnd.High, byteCount, LinearArena.DefaultAlignment);
    }

    /// <summary>Hands out memory from one end unless there is none to be had.</summary>
    /// <param name="end">The end.</param>
    /// <param name="byteCount">Bytes; 0 gives an address of which no byte may be used.</param>
    /// <param name="alignment">A power of two, in bytes.</param>
    /// <param name="address">The first address; 0 if there is none.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The alignment is no power of two.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public bool TryAllocate(ArenaEnd end, nuint byteCount, nuint alignment, out nuint address) =>
        Place(end, byteCount, alignment, out address).IsSuccess;

    /// <summary>The figures of the arena now.</summary>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public DoubleEndedArenaStatistics GetStatistics()
    {
        ThrowIfDisposed();
        return new DoubleEndedArenaStatistics
        {
            ReservedByteCount = _range.ByteCount,
            CommittedByteCount = CommittedByteCount,
            LowByteCount = _low - _range.Start,
            HighByteCount = _range.End - _high,
            OpenScopeCount = _openScopeCount,
        };
    }

    /// <summary>Gives the range back with all that is in it. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!_range.IsDisposed)
        {
            LiveInstances.Remove(_ticket);
            _low = _lowLimit = _highLimit = _high = 0;
            _range.Dispose();
        }
    }

    private nuint CommittedByteCount => _lowCommitted - _range.Start + (_range.End - _highCommitted);

    private static nuint RoundUp(nuint byteCount) =>
        unchecked((byteCount + (LinearArena.DefaultAlignment - 1)) & ~(LinearArena.DefaultAlignment - 1));

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_range.IsDisposed, this);
}

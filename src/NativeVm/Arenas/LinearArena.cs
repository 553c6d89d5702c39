using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Arenas;
using NativeVm.Metadata;

namespace NativeVm;

/// <summary>
/// Memory that is handed out by moving a pointer forward and given up by moving it back: for what lives as long as a
/// frame, a request or a parse.
/// </summary>
/// <remarks>
/// <para>
/// An arena is one range of addresses. Below the position everything is handed out; from there to the committed end
/// memory is at hand; above, up to the end of the range, addresses are reserved and nothing more. An allocation is one
/// comparison and one addition. When it does not fit below the committed end, more is committed, in steps that grow with
/// the arena, so that n bytes cost O(log n) system calls. Nothing that was handed out ever moves.
/// </para>
/// <para>
/// What lies above the position reads as zeros, always: fresh pages do, and what was used is cleared when it is given
/// up. So an allocation need not clear and pays nothing for it, and memory that is used again and again is cleared
/// in one pass while it is in the cache. Clearing is some fifty times cheaper than giving pages back and touching them
/// again, which therefore happens only when asked for (<see cref="Trim"/>, <see cref="Reset(nuint)"/>).
/// </para>
/// <para>
/// <see cref="EnterScope"/> remembers the position and goes back to it. Scopes nest: leaving one while a later one is
/// open is misuse and throws, because memory of the later one would be handed out twice.
/// </para>
/// <para>
/// With <see cref="ArenaChecks"/> the limit of the fast path is held at the position, so that every allocation goes
/// through the slow path; an arena without checks does not pay for them.
/// </para>
/// <para>
/// Not thread-safe: one thread at a time. The arena has to be kept alive as long as its memory is used. No operation
/// allocates on the managed heap, but for refusals.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(LinearArenaDebugView))]
public sealed partial class LinearArena : IDisposable
{
    /// <summary>What every allocation is a multiple of, in bytes, unless more is asked for: that of the largest primitive.</summary>
    public const nuint DefaultAlignment = 8;

    // The bounds of the fast path: multiples of the default alignment, 0 and 0 once disposed of.
    private nuint _position;
    private nuint _limit;

    private readonly OwnedRange _range;
    private readonly CommittedFront _front;
    private readonly MetadataArena? _records;
    private readonly ArenaChecks _checks;
    private readonly bool _zeroesMemory;

    private nuint _peakPosition;
    private nuint _recordCount;
    private nuint _guardedByteCount;

    /// <summary>Makes an arena and reserves its addresses; no memory is committed yet.</summary>
    /// <param name="options">How large, and from where.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">The length is 0 or beyond any address space, or map and platform contradict each other.</exception>
    /// <exception cref="VmMapException">The map that was given has no room.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public LinearArena(LinearArenaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.ByteCount);
        Name = options.Name;
        _checks = options.Checks;
        _zeroesMemory = options.ZeroesMemory;
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        bool usesHugePages = options.UsesHugePages && (_checks & ArenaChecks.Guards) == 0;
        _range = new OwnedRange(backing, options.ByteCount, RangeAlignment.Of(backing, usesHugePages));
        _front = new CommittedFront(_range, new FrontPolicy(options.CommitStep, options.MemoryLimit, usesHugePages));
        _records = _checks == ArenaChecks.None ? null : MakeRecords(options);
        _position = _limit = _peakPosition = _range.Start;
    }

    /// <summary>The name for diagnostics.</summary>
    public string Name { get; }

    /// <summary>The map that the range lies in.</summary>
    public VmMap Map => _range.Map;

    /// <summary>The first address of the range.</summary>
    public nuint BaseAddress => _range.Start;

    /// <summary>Bytes of address space that the arena spans.</summary>
    public nuint ByteCount => _range.ByteCount;

    /// <summary>Bytes that are handed out, with what alignment has taken.</summary>
    public nuint AllocatedByteCount => _range.IsDisposed ? 0 : _position - _range.Start;

    internal bool IsDisposed => _range.IsDisposed;

    private string DebuggerText => _range.IsDisposed
        ? $"{Name}, disposed"
        : $"{Name}: {AllocatedByteCount:N0} bytes allocated, {_front.ByteCount:N0} committed";

    /// <summary>Hands out memory at <see cref="DefaultAlignment"/>.</summary>
    /// <param name="byteCount">
    /// Bytes. 0 gives the address at which the arena stands, which is not null, of which no byte may be used and which
    /// the next allocation may have again.
    /// </param>
    /// <returns>The first address, zeroed unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">The range or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Allocate(nuint byteCount)
    {
        unchecked
        {
            // 0 wraps and so takes the slow path, where a disposed arena, whose room is 0, is found out. Position and
            // limit are multiples of the alignment: what fits, fits rounded up.
            nuint position = _position;
            if (byteCount - 1 < _limit - position)
            {
                _position = position + ((byteCount + (DefaultAlignment - 1)) & ~(DefaultAlignment - 1));
                return position;
            }
        }

        return AllocateSlowly(byteCount, DefaultAlignment);
    }

    /// <summary>Hands out memory at an alignment.</summary>
    /// <param name="byteCount">Bytes; 0 as in <see cref="Allocate(nuint)"/>, aligned.</param>
    /// <param name="alignment">A power of two, in bytes; up to <see cref="DefaultAlignment"/> it is that.</param>
    /// <returns>The first address, zeroed unless the options say otherwise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The alignment is no power of two.</exception>
    /// <exception cref="InsufficientMemoryException">The range or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Allocate(nuint byteCount, nuint alignment)
    {
        unchecked
        {
            nuint mask = alignment - 1;
            nuint position = _position;
            nuint padding = (0 - position) & mask;
            nuint room = _limit - position;
            if ((alignment & mask) == 0 && padding < room && byteCount - 1 < room - padding)
            {
                position += padding;
                _position = position + ((byteCount + (DefaultAlignment - 1)) & ~(DefaultAlignment - 1));
                return position;
            }
        }

        return AllocateSlowly(byteCount, alignment);
    }

    /// <summary>Hands out memory unless there is none to be had.</summary>
    /// <param name="byteCount">Bytes; 0 as in <see cref="Allocate(nuint)"/>.</param>
    /// <param name="alignment">A power of two, in bytes.</param>
    /// <param name="address">The first address; 0 if there is none.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The alignment is no power of two.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public bool TryAllocate(nuint byteCount, nuint alignment, out nuint address) =>
        TryAllocateSlowly(byteCount, alignment, out address, out _).IsSuccess;

    /// <summary>The figures of the arena now.</summary>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public LinearArenaStatistics GetStatistics()
    {
        ThrowIfDisposed();
        return new LinearArenaStatistics
        {
            ReservedByteCount = _range.ByteCount,
            CommittedByteCount = HasGuards ? _guardedByteCount : _front.ByteCount,
            AllocatedByteCount = _position - _range.Start,
            PeakByteCount = Math.Max(_peakPosition, _position) - _range.Start,
            OpenScopeCount = _openScopeCount,
        };
    }

    /// <summary>Gives the range back with all that is in it. A second call does nothing.</summary>
    /// <remarks>Open scopes have nothing left to go back to, and may be left afterwards.</remarks>
    public void Dispose()
    {
        if (_range.IsDisposed)
        {
            return;
        }

        _position = _limit = 0;
        _innermostScope = 0;
        _range.Dispose();
        _records?.Dispose();
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_range.IsDisposed, this);
}

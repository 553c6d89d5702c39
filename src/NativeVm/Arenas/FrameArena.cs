using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Arenas;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// A ring of arenas, one for each of the last frames: what a frame allocates is valid until the ring comes round, and
/// is then given up all at once.
/// </summary>
/// <remarks>
/// <para>
/// With N frames in the ring, memory of frame f is valid while frames f to f + N - 1 are current. Two frames let one
/// be drawn while the next is prepared; three are what a graphics queue wants that runs two behind.
/// </para>
/// <para>
/// <see cref="AdvanceFrame"/> resets the oldest frame's arena and makes it the current one. Its pages stay, up to
/// <see cref="FrameArenaOptions.RetainedByteCount"/>, so that steady frames ask nothing of the system.
/// </para>
/// <para>Not thread-safe: one thread at a time. No operation allocates on the managed heap, but for refusals.</para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public sealed class FrameArena : IDisposable
{
    private readonly LinearArena[] _frames;
    private readonly VmMap? _ownMap;
    private readonly nuint _retainedByteCount;
    private LinearArena _current;
    private bool _isDisposed;

    /// <summary>Makes the ring and reserves its addresses; no memory is committed yet. Frame 0 is current.</summary>
    /// <param name="options">How many frames, how large, and from where.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">A length or the count is 0 or beyond any address space, or map and platform contradict each other.</exception>
    /// <exception cref="VmMapException">The map that was given has no room.</exception>
    /// <exception cref="SystemRefusedException">The system refused the reservation.</exception>
    public FrameArena(FrameArenaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.FrameByteCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FrameCount, 1);
        Name = options.Name;
        _retainedByteCount = options.RetainedByteCount;
        _ownMap = options.Map is null ? MakeMap(options) : null;
        _frames = new LinearArena[options.FrameCount];
        try
        {
            LinearArenaOptions frame = ToFrameOptions(options);
            for (int i = 0; i < _frames.Length; i++)
            {
                _frames[i] = new LinearArena(frame);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        _current = _frames[0];
    }

    /// <summary>The name for diagnostics.</summary>
    public string Name { get; }

    /// <summary>How many frames go round.</summary>
    public int FrameCount => _frames.Length;

    /// <summary>The number of the current frame; the first is 0.</summary>
    public ulong FrameNumber { get; private set; }

    /// <summary>The current frame's arena: for scopes, typed and aligned allocations. Not to be disposed of or reset.</summary>
    public LinearArena Current => _current;

    private string DebuggerText => _isDisposed
        ? $"{Name}, disposed"
        : $"{Name}: frame {FrameNumber}, {_current.AllocatedByteCount:N0} bytes allocated in it";

    /// <summary>Hands out memory of the current frame, as <see cref="LinearArena.Allocate(nuint)"/>.</summary>
    /// <param name="byteCount">Bytes; 0 gives an address of which no byte may be used.</param>
    /// <returns>The first address, zeroed unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">The frame's range or its limit on memory is used up.</exception>
    /// <exception cref="SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Allocate(nuint byteCount) => _current.Allocate(byteCount);

    /// <summary>Hands out values of the current frame side by side, as <see cref="LinearArena.AllocateSpan{T}"/>.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="length">How many.</param>
    /// <returns>The values, all bits zero unless the options say otherwise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="InsufficientMemoryException">The frame's range or its limit on memory is used up.</exception>
    /// <exception cref="SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> AllocateSpan<T>(int length)
        where T : unmanaged => _current.AllocateSpan<T>(length);

    /// <summary>Begins the next frame: gives up what the oldest one in the ring allocated.</summary>
    /// <returns>The current frame's arena.</returns>
    /// <remarks>
    /// Pages beyond what is retained go back to the system; should it refuse them, they are kept, and given back the next time
    /// round.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// A scope of the oldest frame is open, or a red zone in it was overwritten; the frame is then not begun.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public LinearArena AdvanceFrame()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        LinearArena next = _frames[(int)((FrameNumber + 1) % (ulong)_frames.Length)];
        if (!next.Reset(_retainedByteCount).IsSuccess)
        {
            next.Reset();
        }

        FrameNumber++;
        _current = next;
        return next;
    }

    /// <summary>The figures of the ring now.</summary>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public FrameArenaStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        nuint reserved = 0;
        nuint committed = 0;
        nuint allocated = 0;
        nuint peak = 0;
        foreach (LinearArena frame in _frames)
        {
            LinearArenaStatistics statistics = frame.GetStatistics();
            reserved += statistics.ReservedByteCount;
            committed += statistics.CommittedByteCount;
            allocated += statistics.AllocatedByteCount;
            peak = Math.Max(peak, statistics.PeakByteCount);
        }

        return new FrameArenaStatistics
        {
            ReservedByteCount = reserved,
            CommittedByteCount = committed,
            AllocatedByteCount = allocated,
            CurrentFrameByteCount = _current.AllocatedByteCount,
            PeakFrameByteCount = peak,
            FrameNumber = FrameNumber,
        };
    }

    /// <summary>Gives all frames back. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (LinearArena? frame in _frames)
        {
            frame?.Dispose();
        }

        _ownMap?.Dispose();
    }

    private static VmMap MakeMap(FrameArenaOptions options)
    {
        VmPlatform platform = options.Platform ?? VmPlatform.Current;
        nuint alignment = RangeAlignment.Of(new RangeBacking(null, platform, null), options.UsesHugePages);
        nuint frame = OwnedRange.AlignUp(options.FrameByteCount, alignment);
        return new VmMap(new VmMapOptions
        {
            ByteCount = OwnedRange.Multiply((nuint)options.FrameCount, frame, nameof(options)),
            Placement = alignment > platform.AllocationGranularity ? Placement.Aligned(alignment) : Placement.Anywhere,
            Platform = platform,
            MetadataPlatform = options.MetadataPlatform,
        });
    }

    private LinearArenaOptions ToFrameOptions(FrameArenaOptions options) => new()
    {
        ByteCount = options.FrameByteCount,
        Name = options.Name,
        Map = options.Map ?? _ownMap,
        Platform = options.Map is null ? null : options.Platform,
        MetadataPlatform = options.MetadataPlatform,
        MemoryLimit = options.FrameMemoryLimit,
        CommitStep = options.CommitStep,
        ZeroesMemory = options.ZeroesMemory,
        UsesHugePages = options.UsesHugePages,
        Checks = options.Checks,
    };
}

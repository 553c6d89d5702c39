using System.Runtime.InteropServices;
using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// Owns the address space of a map: all that the map has reserved, from its first byte on, is released when the
/// last reference to this handle is gone.
/// </summary>
/// <remarks>
/// Native code that goes on using the pages takes a reference (<see cref="SafeHandle.DangerousAddRef"/>); the
/// pages then outlive the map's disposal. If a map is forgotten undisposed, the finalizer of this handle releases
/// its pages.
/// </remarks>
public sealed class VmReservationHandle : SafeHandle
{
    private readonly VmPlatform _platform;

    // In the order of addresses. Replaced as a whole, under the map's exclusive lock, because submaps read it
    // under locks of their own.
    private volatile Segment[] _segments = [];

    internal VmReservationHandle(VmPlatform platform)
        : base(invalidHandleValue: 0, ownsHandle: true) => _platform = platform;

    /// <inheritdoc/>
    public override bool IsInvalid => _segments.Length == 0;

    internal int SegmentCount => _segments.Length;

    internal nuint ReservedByteCount
    {
        get
        {
            nuint total = 0;
            foreach (Segment segment in _segments)
            {
                total += segment.ByteCount;
            }

            return total;
        }
    }

    /// <summary>The first address after the highest segment.</summary>
    internal nuint End => _segments[^1].Address + _segments[^1].ByteCount;

    internal void Add(nuint address, nuint byteCount)
    {
        _segments = [.. _segments, new Segment(address, byteCount)];
        SetHandle((nint)_segments[0].Address);
    }

    /// <summary>
    /// Releases the segments that were added last until <paramref name="count"/> are left, or until the system
    /// refuses.
    /// </summary>
    internal void TruncateTo(int count)
    {
        while (_segments.Length > count)
        {
            Segment last = _segments[^1];

            if (Insistence.On(() => _platform.Release(last.Address, last.ByteCount)).IsRefused)
            {
                return;
            }

            _segments = _segments[..^1];
        }
    }

    /// <summary>
    /// The first piece of [address, end) that one call to the system may span: all of it where calls may span
    /// reservations, otherwise up to the end of the segment that <paramref name="address"/> lies in.
    /// </summary>
    internal nuint PieceEnd(nuint address, nuint end)
    {
        if (_segments.Length == 1 || _platform.Supports(PlatformCapabilities.RangesSpanReservations))
        {
            return end;
        }

        foreach (Segment segment in _segments)
        {
            if (address - segment.Address < segment.ByteCount)
            {
                return Math.Min(end, segment.Address + segment.ByteCount);
            }
        }

        throw new InvalidOperationException($"Address 0x{address:x} lies in no reservation of the map.");
    }

    /// <summary>The runs of segments that lie side by side, in the order of addresses.</summary>
    internal bool TryGetRun(ref int next, out nuint address, out nuint byteCount)
    {
        address = 0;
        byteCount = 0;
        if (next >= _segments.Length)
        {
            return false;
        }

        address = _segments[next].Address;
        do
        {
            byteCount += _segments[next].ByteCount;
            next++;
        }
        while (next < _segments.Length && _segments[next].Address == address + byteCount);
        return true;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool isReleased = true;
        foreach (Segment segment in _segments)
        {
            isReleased &= Insistence.On(() => _platform.Release(segment.Address, segment.ByteCount)).IsSuccess;
        }

        _segments = [];
        return isReleased;
    }

    private readonly record struct Segment(nuint Address, nuint ByteCount);
}

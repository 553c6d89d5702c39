using System.Runtime.InteropServices;
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

    // In the order of addresses. Only growth adds to it, under the map's exclusive lock.
    private readonly List<Segment> _segments = new(capacity: 8);

    internal VmReservationHandle(VmPlatform platform)
        : base(invalidHandleValue: 0, ownsHandle: true) => _platform = platform;

    /// <inheritdoc/>
    public override bool IsInvalid => _segments.Count == 0;

    internal int SegmentCount => _segments.Count;

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

    internal void Add(nuint address, nuint byteCount)
    {
        _segments.Add(new Segment(address, byteCount));
        SetHandle((nint)_segments[0].Address);
    }

    /// <summary>Releases the segments that were added last until <paramref name="count"/> are left.</summary>
    internal void TruncateTo(int count)
    {
        while (_segments.Count > count)
        {
            Segment last = _segments[^1];

            // A reservation of our own that nothing has been done with can be released; were it refused, keeping
            // the segment in the list would at least release it with the rest.
            if (_platform.Release(last.Address, last.ByteCount).IsRefused)
            {
                return;
            }

            _segments.RemoveAt(_segments.Count - 1);
        }
    }

    /// <summary>
    /// The first piece of [address, end) that one call to the system may span: all of it where calls may span
    /// reservations, otherwise up to the end of the segment that <paramref name="address"/> lies in.
    /// </summary>
    internal nuint PieceEnd(nuint address, nuint end)
    {
        if (_segments.Count == 1 || _platform.Supports(PlatformCapabilities.RangesSpanReservations))
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
        if (next >= _segments.Count)
        {
            return false;
        }

        address = _segments[next].Address;
        do
        {
            byteCount += _segments[next].ByteCount;
            next++;
        }
        while (next < _segments.Count && _segments[next].Address == address + byteCount);
        return true;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool isReleased = true;
        foreach (Segment segment in _segments)
        {
            isReleased &= _platform.Release(segment.Address, segment.ByteCount).IsSuccess;
        }

        _segments.Clear();
        return isReleased;
    }

    private readonly record struct Segment(nuint Address, nuint ByteCount);
}

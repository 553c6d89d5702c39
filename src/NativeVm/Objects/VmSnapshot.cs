using System.Diagnostics;
using NativeVm.Objects;

namespace NativeVm;

/// <summary>
/// What a <see cref="VmSnapshotRange"/> held at one moment, frozen: memory that can be read at addresses of its own and
/// written by nobody.
/// </summary>
/// <remarks>
/// Any number of threads may read it. It outlives its range. As long as it lives, the pages that the range has written
/// since exist twice.
/// </remarks>
[DebuggerDisplay("{ByteCount} bytes")]
public sealed unsafe class VmSnapshot : IDisposable
{
    private readonly SnapshotView _view;

    internal VmSnapshot(SnapshotView view, nuint byteCount)
    {
        _view = view;
        ByteCount = byteCount;
    }

    /// <summary>Where it begins; byte <c>i</c> of the range is at this address plus <c>i</c>.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public nuint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_view.IsClosed, this);
            return _view.Address;
        }
    }

    /// <summary>Bytes in it, as many as in the range.</summary>
    public nuint ByteCount { get; }

    /// <summary>Part of it.</summary>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="byteCount">Its length in bytes, up to 2^31 - 1; 0 is an empty span.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not all of it lies in the snapshot.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public ReadOnlySpan<byte> GetSpan(nuint offset, nuint byteCount)
    {
        nuint address = Address;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, Math.Min(ByteCount - offset, int.MaxValue));
        return new((void*)(address + offset), (int)byteCount);
    }

    /// <summary>Gives memory and addresses back. A second call does nothing.</summary>
    /// <remarks>Costs one call to the system; the range is not touched. Must not meet a thread that still reads.</remarks>
    public void Dispose() => _view.Dispose();
}

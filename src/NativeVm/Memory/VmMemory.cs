using System.Buffers;
using System.Runtime.CompilerServices;
using NativeVm.Memory;

namespace NativeVm;

/// <summary>Pages of a map as .NET's own types.</summary>
public static class VmMemory
{
    // Of a sequence over many GiB; a multiple of every page size.
    private const nuint SegmentLength = 1 << 30;

    /// <summary>Finds zeroed memory in a map, to be used as <see cref="Memory{T}"/> until it is disposed of.</summary>
    /// <typeparam name="T">An unmanaged type.</typeparam>
    /// <param name="map">The map to find it in.</param>
    /// <param name="length">Elements; not 0. Their bytes are rounded up to whole pages.</param>
    /// <param name="addsPressure">
    /// Whether the collector is told of the memory (<see cref="GC.AddMemoryPressure"/>), so that it runs more often
    /// where much native memory hangs on few managed objects that may be forgotten. Default: it is not.
    /// </param>
    /// <returns>The owner of the memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is 0 or less.</exception>
    /// <exception cref="VmMapException">The map has no such space.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the memory.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public static VmMemoryManager<T> Allocate<T>(VmMap map, int length, bool addsPressure = false)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        nuint mask = map.PageSize - 1;
        nuint byteCount = checked(((nuint)length * (nuint)Unsafe.SizeOf<T>()) + mask) & ~mask;
        map.Find(byteCount, VmEntryAttributes.ReadWrite with { Tag = map.NextLeaseTag() }, out nuint address).ThrowIfFailed();
        return new VmMemoryManager<T>(new MapLease(map, address, byteCount), length, addsPressure);
    }

    /// <summary>Looks at memory of a map that belongs to somebody else.</summary>
    /// <typeparam name="T">An unmanaged type.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="address">The first element, aligned as the type is.</param>
    /// <param name="length">Elements.</param>
    /// <returns>
    /// A view. It keeps the address space, even past the map's disposal; disposing of the view frees nothing. Who owns
    /// the range must not remove, decommit or protect it while it is looked at: that is not detected.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The address is unaligned, or not all of the range can be read and written.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public static VmMemoryManager<T> View<T>(VmMap map, nuint address, int length)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (address % AlignmentOf<T>() != 0)
        {
            throw new ArgumentException($"Address 0x{address:x} is not aligned for {typeof(T).Name}.", nameof(address));
        }

        nuint byteCount = checked((nuint)length * (nuint)Unsafe.SizeOf<T>());
        RequireAccess(map, address, byteCount, Platform.PageProtection.ReadWrite);
        return new VmMemoryManager<T>(new ViewLease(map.Name, map.Handle, address, byteCount), length);
    }

    /// <summary>A stream over memory of a map that belongs to somebody else, of any length.</summary>
    /// <param name="map">The map.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="byteCount">The stream's length and capacity in bytes.</param>
    /// <param name="access">What may be done; the pages have to allow it.</param>
    /// <returns>The stream. As with <see cref="View"/>, it keeps the address space and frees nothing.</returns>
    /// <exception cref="ArgumentException">The pages do not allow the access, or the access is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public static VmStream OpenStream(VmMap map, nuint address, nuint byteCount, FileAccess access = FileAccess.ReadWrite)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)byteCount, (ulong)long.MaxValue, nameof(byteCount));
        RequireAccess(map, address, byteCount, VmStream.ProtectionFor(access));
        return new VmStream(new ViewStorage(new ViewLease(map.Name, map.Handle, address, byteCount)), byteCount, access);
    }

    /// <summary>Memory of a map that belongs to somebody else, of any length, as a sequence.</summary>
    /// <param name="map">The map.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="byteCount">Bytes.</param>
    /// <returns>
    /// A sequence of pieces of 1 GiB. It keeps the address space for as long as it is reachable. As with
    /// <see cref="View"/>, the range must not be taken away meanwhile.
    /// </returns>
    /// <exception cref="ArgumentException">Not all of the range can be read.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public static ReadOnlySequence<byte> GetSequence(VmMap map, nuint address, nuint byteCount)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)byteCount, (ulong)long.MaxValue, nameof(byteCount));
        RequireAccess(map, address, byteCount, Platform.PageProtection.Read);
        return NativeSegment.Link(Pieces(map, address, byteCount));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(VmMap map, nuint address, nuint byteCount)
    {
        for (nuint offset = 0; offset < byteCount; offset += SegmentLength)
        {
            nuint length = Math.Min(SegmentLength, byteCount - offset);
            ViewLease lease = new(map.Name, map.Handle, address + offset, length);
            VmMemoryManager<byte> piece = new(lease, (int)length);
            yield return piece.Memory;
        }
    }

    private static void RequireAccess(VmMap map, nuint address, nuint byteCount, Platform.PageProtection protection)
    {
        nuint mask = map.PageSize - 1;
        nuint first = address & ~mask;
        nuint end = checked(address + byteCount);
        bool isInside = first >= map.MinAddress && end <= map.MaxAddress;
        if (!isInside || (byteCount != 0 && !map.CheckProtection(first, end - first, protection)))
        {
            throw new ArgumentException(
                $"Not all of the {byteCount} bytes at 0x{address:x} are pages of the map '{map.Name}' that allow {protection}.",
                nameof(address));
        }
    }

    private static nuint AlignmentOf<T>()
        where T : unmanaged => (nuint)(Unsafe.SizeOf<Aligned<T>>() - Unsafe.SizeOf<T>());

    private struct Aligned<T>
        where T : unmanaged
    {
#pragma warning disable CS0649, CS0169 // Only the layout counts.
        public byte Before;
        public T Value;
#pragma warning restore CS0649, CS0169
    }
}

using NativeVm.Platform;

namespace NativeVm.Arenas;

/// <summary>
/// A range of addresses that one arena, pool or array owns: an entry of a map, reserved as a whole and committed in
/// parts. The map is one that was given, or one made for the range alone and disposed of with it.
/// </summary>
internal sealed class OwnedRange : IDisposable
{
    private const int Tries = 4;

    private readonly bool _ownsMap;

    /// <param name="backing">Where the range comes from.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">What the start is a multiple of, a power of two.</param>
    public OwnedRange(in RangeBacking backing, nuint byteCount, nuint alignment)
    {
        if (backing.Map is not null && backing.Platform is not null && backing.Platform != backing.Map.Platform)
        {
            throw new ArgumentException("The platform is not the one of the map; a map brings its own.");
        }

        _ownsMap = backing.Map is null;
        Map = backing.Map ?? MakeMap(backing, byteCount, alignment);
        try
        {
            ByteCount = AlignUp(byteCount, Map.PageSize);
            Map.Find(Map.MinAddress, ByteCount, alignment, VmEntryAttributes.Reserved, out nuint start).ThrowIfFailed();
            Start = start;
        }
        catch
        {
            if (_ownsMap)
            {
                Map.Dispose();
            }

            throw;
        }
    }

    public VmMap Map { get; }

    /// <summary>The first address.</summary>
    public nuint Start { get; }

    /// <summary>Bytes, whole pages.</summary>
    public nuint ByteCount { get; }

    /// <summary>The first address above.</summary>
    public nuint End => Start + ByteCount;

    public bool IsDisposed { get; private set; }

    /// <summary>The multiple of a power of two at or above a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static nuint AlignUp(nuint value, nuint powerOfTwo)
    {
        nuint mask = powerOfTwo - 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, nuint.MaxValue - mask);
        return (value + mask) & ~mask;
    }

    /// <summary>A product that is a number of bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit the address space.</exception>
    public static nuint Multiply(nuint count, nuint byteCount, string name) => byteCount == 0 || count <= nuint.MaxValue / byteCount
        ? unchecked(count * byteCount)
        : throw new ArgumentOutOfRangeException(name, count, "No address space is that large.");

    public VmResult Commit(nuint address, nuint byteCount) => byteCount == 0
        ? VmResult.Success
        : Map.Commit(address, byteCount, PageProtection.ReadWrite);

    public VmResult Decommit(nuint address, nuint byteCount) => Map.Decommit(address, byteCount);

    /// <summary>Asks again when the system refuses; for what a caller cannot try again, such as leaving a scope.</summary>
    public VmResult DecommitSurely(nuint address, nuint byteCount)
    {
        VmResult result = Map.Decommit(address, byteCount);
        for (int tries = 1; tries < Tries && !result.IsSuccess; tries++)
        {
            result = Map.Decommit(address, byteCount);
        }

        return result;
    }

    /// <summary>Takes back what was committed a moment ago, for an operation that fails.</summary>
    public void TakeBack(nuint address, nuint byteCount)
    {
        // Should it be refused even so, the pages stay committed and unused, and the next commit finds them there.
        _ = DecommitSurely(address, byteCount);
    }

    /// <summary>Gives the range back. What a system will not take back stays an entry of the map.</summary>
    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        IsDisposed = true;
        if (_ownsMap)
        {
            Map.Dispose();
        }
        else
        {
            RemoveFromMap();
        }
    }

    private static VmMap MakeMap(in RangeBacking backing, nuint byteCount, nuint alignment)
    {
        VmPlatform platform = backing.Platform ?? VmPlatform.Current;
        return new VmMap(new VmMapOptions
        {
            ByteCount = AlignUp(byteCount, platform.PageSize),
            Placement = alignment > platform.AllocationGranularity ? Placement.Aligned(alignment) : Placement.Anywhere,
            Platform = platform,
            MetadataPlatform = backing.MetadataPlatform,
        });
    }

    private void RemoveFromMap()
    {
        try
        {
            for (int tries = 0; tries < Tries; tries++)
            {
                // A wired range is unlocked by its removal.
                if (Map.Remove(Start, ByteCount).IsSuccess)
                {
                    return;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The map went first, and took the range with it.
            return;
        }
    }
}

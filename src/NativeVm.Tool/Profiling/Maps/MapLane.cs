using System.Diagnostics;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>A lane over a map with many entries.</summary>
/// <typeparam name="TMap">The kind of map.</typeparam>
internal abstract class MapLane<TMap> : Lane
    where TMap : struct, ISpaceMap
{
    private readonly double? _bytesPerEntry;
    private ulong _seed = 0x9E3779B97F4A7C15;

    protected MapLane(TMap map, Action<TMap, List<MapRange>> fill)
    {
        Map = map;
        List<MapRange> entries = [];
        fill(map, entries);
        Entries = [.. entries];
        _bytesPerEntry = map.ByteCount / Entries.Length;
    }

    /// <inheritdoc/>
    public override double? BytesPerEntry => _bytesPerEntry;

    /// <summary>The map.</summary>
    protected TMap Map { get; }

    /// <summary>Its entries, in no order.</summary>
    protected MapRange[] Entries { get; }

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        long start = Stopwatch.GetTimestamp();
        RunAll(operationCount);
        return Stopwatch.GetTimestamp() - start;
    }

    /// <inheritdoc/>
    public override void Dispose() => Map.Dispose();

    /// <summary>The operations.</summary>
    protected abstract void RunAll(long operationCount);

    /// <summary>A number below a bound, in a nanosecond or two.</summary>
    protected ulong Next(ulong bound)
    {
        _seed ^= _seed << 13;
        _seed ^= _seed >> 7;
        _seed ^= _seed << 17;
        return (ulong)(((UInt128)_seed * bound) >> 64);
    }
}

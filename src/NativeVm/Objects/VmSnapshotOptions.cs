using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="VmSnapshotRange"/> is made with.</summary>
public sealed class VmSnapshotOptions
{
    /// <summary>Bytes in the range, rounded up to the platform's allocation granularity; not 0.</summary>
    public required nuint ByteCount { get; init; }

    /// <summary>A name for people, also given to the memory where the system shows one. Default: <c>snapshot range</c>.</summary>
    public string Name { get; init; } = "snapshot range";

    /// <summary>The map to make the range in; default: address space of its own. Snapshots lie outside it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the memory comes from. Default: the map's platform, or <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where address space of its own may lie; in a map, where in it. Default: anywhere.</summary>
    public Placement Placement { get; init; }
}

using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="MirroredBuffer"/> is made with.</summary>
public sealed class MirroredBufferOptions
{
    /// <summary>
    /// Bytes that the buffer holds, rounded up to the platform's allocation granularity; not 0. It takes twice as
    /// much address space.
    /// </summary>
    public required nuint ByteCount { get; init; }

    /// <summary>A name for people, also given to the memory where the system shows one. Default: <c>mirrored buffer</c>.</summary>
    public string Name { get; init; } = "mirrored buffer";

    /// <summary>The map to make the buffer in; default: address space of its own.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the memory comes from. Default: the map's platform, or <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where address space of its own may lie; in a map, where in it. Default: anywhere.</summary>
    public Placement Placement { get; init; }

    /// <summary>
    /// Whether all pages are made resident at once, so that the first round through the buffer takes no page faults.
    /// Default: they are not.
    /// </summary>
    public bool IsPrefaulted { get; init; }
}

using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="DualMapping"/> is made with.</summary>
public sealed class DualMappingOptions
{
    /// <summary>Bytes of code that it holds, rounded up to the platform's allocation granularity; not 0.</summary>
    public required nuint ByteCount { get; init; }

    /// <summary>A name for people, also given to the memory where the system shows one. Default: <c>code</c>.</summary>
    public string Name { get; init; } = "code";

    /// <summary>The map to make both views in; default: address space of their own.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the memory comes from. Default: the map's platform, or <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>
    /// Where the executable view may lie, for example <see cref="Placement.Within"/> 2 GiB of what the code calls.
    /// Default: anywhere. The writable view may lie anywhere.
    /// </summary>
    public Placement ExecutablePlacement { get; init; }
}

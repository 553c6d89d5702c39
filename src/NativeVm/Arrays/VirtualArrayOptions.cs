using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="VirtualArray{T}"/> is made with.</summary>
public sealed record VirtualArrayOptions
{
    /// <summary>
    /// Elements that the array may ever have; not 0. It decides how much address space is reserved, which costs nothing
    /// until it is used.
    /// </summary>
    public required nuint Capacity { get; init; }

    /// <summary>A name for diagnostics.</summary>
    public string Name { get; init; } = "VirtualArray";

    /// <summary>A map to take the range from. Default: a map of the array's own, disposed of with it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of a map of its own come from. Default: <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where the records of a map of its own come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>Bytes that may be committed at most, rounded down to whole pages; 0, the default, for all of the range.</summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>Bytes of the smallest step in which memory is committed ahead of use; 0, the default, for 64 KiB.</summary>
    public nuint CommitStep { get; init; }

    /// <summary>Whether the array starts at a huge page and asks for huge pages, where the system has transparent ones.</summary>
    public bool UsesHugePages { get; init; }
}

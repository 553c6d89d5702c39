using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="VmBufferWriter"/> is made with.</summary>
public sealed class VmBufferWriterOptions
{
    /// <summary>The default of <see cref="MaxByteCount"/>: 16 GiB.</summary>
    public const ulong DefaultMaxByteCount = 16UL << 30;

    /// <summary>
    /// Bytes that may be written at most, rounded up to whole pages; not 0. So much address space is reserved, which
    /// costs no memory.
    /// </summary>
    public nuint MaxByteCount { get; init; } = (nuint)Math.Min(DefaultMaxByteCount, nuint.MaxValue / 8);

    /// <summary>What diagnostics call the writer. Default: <c>writer</c>.</summary>
    public string Name { get; init; } = "writer";

    /// <summary>The map to find the range in. Default: one of the writer's own.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of the writer's own map come from. Default: the operating system.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where the records of that map come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }
}

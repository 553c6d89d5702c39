using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="PersistentArena"/> is opened with.</summary>
public sealed class PersistentArenaOptions
{
    /// <summary>The default of <see cref="MaxByteCount"/>: 64 GiB, and 256 MiB in a 32-bit process.</summary>
    public static nuint DefaultMaxByteCount => (nuint)(nuint.Size == sizeof(ulong) ? 64UL << 30 : 256UL << 20);

    /// <summary>The path of the file. One that is not there, or is empty, becomes a new arena when it is opened for writing.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the arena can be written. Default: it can.</summary>
    public MemoryObjectAccess Access { get; init; } = MemoryObjectAccess.ReadWrite;

    /// <summary>
    /// Bytes that a new arena may ever have, rounded up to 64 KiB: address space only, the file grows as it is used. 0
    /// means <see cref="DefaultMaxByteCount"/>. An arena that exists keeps what it was made with.
    /// </summary>
    public nuint MaxByteCount { get; init; }

    /// <summary>
    /// Where a new arena begins, a multiple of 64 KiB. 0 lets the arena choose an address that other mappings seldom
    /// come to. An arena that exists is only ever opened where it was made.
    /// </summary>
    public nuint BaseAddress { get; init; }

    /// <summary>
    /// The version of what the user keeps in the arena. A new arena stores it; one that exists must have the same.
    /// </summary>
    public ulong FormatVersion { get; init; }

    /// <summary>
    /// Whether what the file grows by is made resident at once, so that a device without space refuses the growth. By
    /// default it is not, and then, on POSIX, the touch of a page that the device has no space for ends the process.
    /// </summary>
    /// <remarks>
    /// Opening an existing arena for writing looks at what its file has beyond what is used, either way. File systems in
    /// memory (tmpfs) take space for a hole that is looked at, so that there a device that is full already ends the
    /// process even then.
    /// </remarks>
    public bool TakesSpaceAhead { get; init; }

    /// <summary>A name for people. Default: the path.</summary>
    public string? Name { get; init; }

    /// <summary>The map to open it in, which must cover the address; default: address space of its own.</summary>
    public VmMap? Map { get; init; }

    /// <summary>The system. Default: the map's platform, or <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }
}

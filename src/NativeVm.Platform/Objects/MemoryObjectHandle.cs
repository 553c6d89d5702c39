using System.Runtime.InteropServices;

namespace NativeVm.Platform;

/// <summary>
/// The owner of a memory object: a file, or memory without a name, that can be mapped at several places
/// (<see cref="VmPlatform.MapObject"/>).
/// </summary>
/// <remarks>
/// A mapping keeps the object alive on its own: the handle may be disposed as soon as nothing more is to be mapped.
/// A handle belongs to the platform that made it. Thread-safe, as every <see cref="SafeHandle"/>: a handle that is
/// disposed during a call is closed after it.
/// </remarks>
public abstract class MemoryObjectHandle : SafeHandle
{
    /// <summary>A handle of an object that is open.</summary>
    /// <param name="invalidValue">The value of the system's handle that means none.</param>
    /// <param name="kind">What the object is.</param>
    /// <param name="access">What shared mappings of it may do.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="name">The name to show people.</param>
    protected MemoryObjectHandle(
        nint invalidValue, MemoryObjectKind kind, MemoryObjectAccess access, ulong byteCount, string name)
        : base(invalidValue, ownsHandle: true)
    {
        Kind = kind;
        Access = access;
        ByteCount = byteCount;
        Name = name;
    }

    /// <summary>What the object is.</summary>
    public MemoryObjectKind Kind { get; }

    /// <summary>What shared mappings of it may do.</summary>
    public MemoryObjectAccess Access { get; }

    /// <summary>
    /// Its length in bytes when it was made or opened. A file can be given another one by anybody at any time:
    /// <see cref="VmPlatform.GetObjectByteCount"/> asks the system.
    /// </summary>
    public ulong ByteCount { get; }

    /// <summary>The path of the file, or the name that the memory was given for people to read.</summary>
    public string Name { get; }
}

namespace NativeVm.Platform;

/// <summary>What a memory object is.</summary>
public enum MemoryObjectKind : byte
{
    /// <summary>Memory without a name, zeroed, gone with its last handle and mapping.</summary>
    SharedMemory,

    /// <summary>A file; what is written to a shared mapping of it reaches the file.</summary>
    File,
}

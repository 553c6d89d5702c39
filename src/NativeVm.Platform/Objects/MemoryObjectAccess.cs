namespace NativeVm.Platform;

/// <summary>What the shared mappings of a memory object may be allowed to do to it.</summary>
public enum MemoryObjectAccess : byte
{
    /// <summary>Read it. A copy-on-write mapping can still be written, because it never changes the object.</summary>
    Read,

    /// <summary>Read and write it.</summary>
    ReadWrite,
}

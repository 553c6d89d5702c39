namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>Implements <see cref="CreateSharedMemory"/>; the arguments have been checked.</summary>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="name">A name to show people.</param>
    /// <param name="handle">The owner of the object; null when refused.</param>
    protected abstract SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle);

    /// <summary>Implements <see cref="OpenFile"/>; the arguments have been checked.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="access">What shared mappings of it may do.</param>
    /// <param name="byteCount">How long the file has to be at least, in bytes.</param>
    /// <param name="handle">The owner of the object; null when refused.</param>
    protected abstract SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle);

    /// <summary>Implements <see cref="GetObjectByteCount"/>; the handle is not null.</summary>
    /// <param name="handle">The object.</param>
    /// <param name="byteCount">Its length in bytes; 0 when refused.</param>
    protected abstract SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount);

    /// <summary>Implements <see cref="MapObject"/>; the arguments have been checked, but for whose the handle is.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="handle">The object.</param>
    /// <param name="offset">Where in the object the range begins.</param>
    /// <param name="protection">What may be done to the pages.</param>
    /// <param name="sharing">Where writes go.</param>
    /// <param name="traits">Advice to put back.</param>
    protected abstract SystemReply MapObjectCore(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits);

    /// <summary>
    /// Implements <see cref="MapObjectAnywhere"/>; the arguments have been checked, but for whose the handle is.
    /// </summary>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="handle">The object.</param>
    /// <param name="offset">Where in the object the range begins.</param>
    /// <param name="protection">What may be done to the pages.</param>
    /// <param name="sharing">Where writes go.</param>
    /// <param name="placement">Where the range may lie.</param>
    /// <param name="address">Where it lies; 0 when refused.</param>
    protected abstract SystemReply MapObjectAnywhereCore(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address);

    /// <summary>Implements <see cref="UnmapObject"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="traits">Advice to put back.</param>
    protected abstract SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits);

    /// <summary>Implements <see cref="ReleaseObject"/>; the arguments have been checked.</summary>
    /// <param name="address">Where the mapping starts.</param>
    /// <param name="byteCount">Its whole length in bytes.</param>
    protected abstract SystemReply ReleaseObjectCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="Synchronize"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    protected abstract SystemReply SynchronizeCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="SynchronizeObject"/>; the handle is not null.</summary>
    /// <param name="handle">The object.</param>
    protected abstract SystemReply SynchronizeObjectCore(MemoryObjectHandle handle);
}

namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>
    /// Makes memory that can be mapped at several places and that has no name: <c>memfd_create(2)</c>,
    /// <c>shm_open(3)</c> and <c>shm_unlink(3)</c> in one, a section of the page file.
    /// </summary>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="name">A name to show people, where the system shows one; need not be unique.</param>
    /// <param name="handle">The owner of the object; null when refused.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where
    /// <see cref="PlatformCapabilities.SharedMemoryObjects"/> is missing, <see cref="RefusalReason.HandleLimit"/>,
    /// <see cref="RefusalReason.OutOfMemory"/>.
    /// </returns>
    /// <remarks>
    /// Reads as zeros. On POSIX a page costs memory from its first touch on; on Windows the whole length is charged
    /// against the commit limit at once. A child process does not inherit the handle.
    /// </remarks>
    /// <exception cref="ArgumentException">The length is 0 or no multiple of the page size.</exception>
    public SystemReply CreateSharedMemory(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        ArgumentNullException.ThrowIfNull(name);
        RequireRange(0, byteCount);
        return CreateSharedMemoryCore(byteCount, name, out handle);
    }

    /// <summary>Opens a file to be mapped: <c>open(2)</c>, <c>CreateFileW</c> and <c>CreateFileMappingW</c>.</summary>
    /// <param name="path">The path of the file, not empty.</param>
    /// <param name="access">What shared mappings of it may do.</param>
    /// <param name="byteCount">
    /// How long the file has to be at least, in bytes, or 0 for as long as it is. With
    /// <see cref="MemoryObjectAccess.ReadWrite"/> a shorter file is extended by zeros to this length, and one that is
    /// not there is made; with <see cref="MemoryObjectAccess.Read"/> a shorter file is refused.
    /// </param>
    /// <param name="handle">The owner of the object; null when refused.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NotFound"/>, <see cref="RefusalReason.AccessDenied"/>,
    /// <see cref="RefusalReason.InvalidRange"/> for a file that is too short, <see cref="RefusalReason.NotSupported"/>
    /// for what is no file that can be mapped, <see cref="RefusalReason.DeviceFull"/>,
    /// <see cref="RefusalReason.HandleLimit"/>. A file may then have been made, and is not longer than it was.
    /// </returns>
    /// <remarks>
    /// <para>
    /// On POSIX an extension takes no space on the device, and others may shrink the file. A touch of a page that the
    /// device has no space for, or that lies beyond the end of the shrunken file, ends the process (SIGBUS);
    /// <see cref="Prefault"/> finds both out with a refusal instead. On Windows an extension takes the space at once,
    /// and no file can be shrunk while it is mapped.
    /// </para>
    /// <para>Others may open, read and write the file at the same time.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The path is empty or has a zero character, or the access is none.</exception>
    public SystemReply OpenFile(string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("No path has a zero character in it.", nameof(path));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)access, (byte)MemoryObjectAccess.ReadWrite, nameof(access));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, (ulong)long.MaxValue);
        return OpenFileCore(path, access, byteCount, out handle);
    }

    /// <summary>How long an object is now, which for a file others may have changed: <c>lseek(2)</c>.</summary>
    /// <param name="handle">The object.</param>
    /// <param name="byteCount">Its length in bytes; 0 when refused.</param>
    /// <returns>Success, or a refusal.</returns>
    /// <exception cref="ArgumentException">The handle is another platform's.</exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public SystemReply GetObjectByteCount(MemoryObjectHandle handle, out ulong byteCount)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return GetObjectByteCountCore(handle, out byteCount);
    }

    /// <summary>
    /// Replaces part of a reservation by part of an object, in one step that no other thread can come between:
    /// <c>mmap(MAP_FIXED)</c>, <c>MapViewOfFile3(MEM_REPLACE_PLACEHOLDER)</c>.
    /// </summary>
    /// <param name="address">
    /// Start of the range, a multiple of <see cref="AllocationGranularity"/>, inside a reservation of
    /// <see cref="ReservePlaceholder"/>, or of <see cref="Reserve"/> where
    /// <see cref="PlatformCapabilities.RangesSpanReservations"/> is there.
    /// </param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="handle">The object; it may be disposed afterwards.</param>
    /// <param name="offset">Where in the object the range begins, in bytes, a multiple of the granularity.</param>
    /// <param name="protection">What may be done to the pages; can be changed later by <see cref="Protect"/>.</param>
    /// <param name="sharing">Where writes go.</param>
    /// <param name="traits">The advice that the reservation around the range carries.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where
    /// <see cref="PlatformCapabilities.Placeholders"/> is missing; <see cref="RefusalReason.InvalidRange"/> for pages
    /// that lie wholly beyond the end of the object; <see cref="RefusalReason.AccessDenied"/> for a shared mapping that
    /// could write an object that was opened for reading; <see cref="RefusalReason.MappingLimit"/>.
    /// </returns>
    /// <remarks>
    /// <para>
    /// What the range held before is gone: what was committed, or another object. (On Windows the range holds nothing:
    /// decommit or unmap it before. And there the end of a file is where it was when the file was opened, and a call
    /// stays within one mapping.) The pages count as committed; what is allowed on them is <see cref="Protect"/>, <see cref="Lock"/>, <see cref="Unlock"/>, <see cref="Prefault"/>
    /// and advice other than <see cref="PageAdvice.Free"/>. <see cref="Commit"/>, <see cref="Decommit"/> and
    /// <see cref="Purge"/> are for anonymous memory; <see cref="UnmapObject"/> comes first. A release of the whole
    /// reservation takes the mappings with it.
    /// </para>
    /// <para>The part of the last page that lies beyond the end of the object reads as zeros and is never stored.</para>
    /// <para>Two mappings of one object may be one writable and the other executable; never one of them both.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The range is empty, unaligned or wraps, the offset is unaligned, the range ends beyond the largest offset, the
    /// protection is both writable and executable, or the handle is another platform's.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public SystemReply MapObject(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits = RangeTraits.None)
    {
        RequireRange(address, byteCount);
        RequireGranularity(address, nameof(address));
        RequireObject(handle, byteCount, offset, protection, sharing);
        return MapObjectCore(address, byteCount, handle, offset, protection, sharing, traits);
    }

    /// <summary>
    /// Maps part of an object at addresses that belong to nobody, as a reservation of its own: a second view, or one
    /// at a place where pointers into the object stay valid.
    /// </summary>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="handle">The object; it may be disposed afterwards.</param>
    /// <param name="offset">Where in the object the range begins, in bytes, a multiple of the granularity.</param>
    /// <param name="protection">What may be done to the pages.</param>
    /// <param name="sharing">Where writes go.</param>
    /// <param name="placement">Where the range may lie; nothing is ever replaced.</param>
    /// <param name="address">Where it lies; 0 when refused.</param>
    /// <returns>
    /// Success, or a refusal, with the reasons of <see cref="MapObject"/> and of <see cref="Reserve"/>.
    /// </returns>
    /// <remarks>Given back by <see cref="ReleaseObject"/>, whole.</remarks>
    /// <exception cref="ArgumentException">As <see cref="MapObject"/> and <see cref="Reserve"/>.</exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public SystemReply MapObjectAnywhere(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address)
    {
        RequirePlacement(byteCount, placement);
        RequireObject(handle, byteCount, offset, protection, sharing);
        return MapObjectAnywhereCore(byteCount, handle, offset, protection, sharing, placement, out address);
    }

    /// <summary>
    /// Puts plain reserved addresses in the place of mappings of objects, in one step; they become one mapping with the
    /// reservation around them.
    /// </summary>
    /// <param name="address">Start of the range. On Windows, where the mapping starts.</param>
    /// <param name="byteCount">
    /// Length in bytes, a multiple of the page size, not 0. On Windows, the whole length of the mapping; elsewhere part
    /// of one will do, or several, and what is only reserved or anonymous becomes reserved.
    /// </param>
    /// <param name="traits">The advice that the reservation around the range carries, so that it stays one mapping.</param>
    /// <returns>Success, or a refusal; the mapping is then what it was.</returns>
    /// <remarks>What was written to a shared mapping stays in the object; copies of pages are lost.</remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply UnmapObject(nuint address, nuint byteCount, RangeTraits traits = RangeTraits.None)
    {
        RequireRange(address, byteCount);
        return UnmapObjectCore(address, byteCount, traits);
    }

    /// <summary>Gives back what <see cref="MapObjectAnywhere"/> mapped, addresses and all.</summary>
    /// <param name="address">Where the mapping starts.</param>
    /// <param name="byteCount">Its whole length in bytes.</param>
    /// <returns>Success, or a refusal; the mapping is then still there.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply ReleaseObject(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return ReleaseObjectCore(address, byteCount);
    }

    /// <summary>
    /// Writes the changed pages of shared mappings back to their file and waits for it: <c>msync(MS_SYNC)</c>,
    /// <c>FlushViewOfFile</c>.
    /// </summary>
    /// <param name="address">Start of the range, all mapped.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>Success, or a refusal: <see cref="RefusalReason.InvalidRange"/> for a hole.</returns>
    /// <remarks>
    /// Pages that have no file behind them are passed over on POSIX. On Windows the range lies in one mapping, and the
    /// device may still hold the data in its cache until <see cref="SynchronizeObject"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Synchronize(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return SynchronizeCore(address, byteCount);
    }

    /// <summary>
    /// Waits until the file's contents that were synchronized, and its length, are on the device:
    /// <c>fsync(2)</c>, <c>FlushFileBuffers</c>.
    /// </summary>
    /// <param name="handle">The object; memory without a name has no device, and the call succeeds.</param>
    /// <returns>Success, or a refusal.</returns>
    /// <exception cref="ArgumentException">The handle is another platform's.</exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public SystemReply SynchronizeObject(MemoryObjectHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return SynchronizeObjectCore(handle);
    }

    private void RequireObject(
        MemoryObjectHandle handle, nuint byteCount, ulong offset, PageProtection protection, MappingSharing sharing)
    {
        ArgumentNullException.ThrowIfNull(handle);
        RequireProtection(protection);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)sharing, (byte)MappingSharing.Shared, nameof(sharing));
        if ((offset & (AllocationGranularity - 1)) != 0)
        {
            throw new ArgumentException(
                $"Offsets into an object are multiples of the allocation granularity, {AllocationGranularity}.",
                nameof(offset));
        }

        if (offset > (ulong)long.MaxValue || byteCount > (ulong)long.MaxValue - offset)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The range ends beyond the largest offset.");
        }
    }

    private void RequireGranularity(nuint address, string parameter)
    {
        if ((address & (AllocationGranularity - 1)) != 0)
        {
            throw new ArgumentException(
                $"Mappings of objects start at multiples of the allocation granularity, {AllocationGranularity}.",
                parameter);
        }
    }
}

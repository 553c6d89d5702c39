namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>
    /// Makes a file longer through a handle that is open: <c>ftruncate(2)</c>; a longer section on Windows. It is the
    /// same file even if its path has come to mean another one.
    /// </summary>
    /// <param name="handle">A file that was opened for writing.</param>
    /// <param name="byteCount">
    /// How long it has to be at least, in bytes. What is added reads as zeros; a file that is longer stays so.
    /// </param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.DeviceFull"/>, <see cref="RefusalReason.AccessDenied"/> for a
    /// file opened for reading; the file is then as long as it was.
    /// </returns>
    /// <remarks>
    /// Mappings that are there do not grow with it. As by <see cref="OpenFile"/>, no space on the device is taken on
    /// POSIX. On Windows no other thread may use the handle meanwhile.
    /// </remarks>
    /// <exception cref="ArgumentException">The handle is another platform's, or no file's.</exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public SystemReply ExtendFile(MemoryObjectHandle handle, ulong byteCount)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, (ulong)long.MaxValue);
        if (handle.Kind != MemoryObjectKind.File)
        {
            throw new ArgumentException("Memory without a name keeps the length it was made with.", nameof(handle));
        }

        return ExtendFileCore(handle, byteCount);
    }

    /// <summary>Implements <see cref="ExtendFile"/>; the handle is a file's, of whatever platform.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="byteCount">How long it has to be at least, in bytes.</param>
    protected abstract SystemReply ExtendFileCore(MemoryObjectHandle handle, ulong byteCount);
}

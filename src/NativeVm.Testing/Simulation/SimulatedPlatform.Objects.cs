using NativeVm.Platform;

namespace NativeVm.Testing;

// Objects exist as a length and a number; what is in them is not simulated, so their pages count as dirty.
public sealed partial class SimulatedPlatform
{
    private readonly Dictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<long, SimulatedFile> _objects = [];
    private long _lastObject;
    private int _openHandleCount;

    /// <summary>Handles of objects that have not been disposed.</summary>
    public int OpenHandleCount => Volatile.Read(ref _openHandleCount);

    /// <summary>Puts a file where <see cref="VmPlatform.OpenFile"/> finds it, in place of one with that path. No system call.</summary>
    /// <param name="path">Its path, compared letter by letter.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="isReadOnly">Whether it can be opened for reading only.</param>
    public void PlaceFile(string path, ulong byteCount, bool isReadOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        lock (_gate)
        {
            _files[path] = NewObject(byteCount, isReadOnly);
        }
    }

    /// <summary>
    /// Gives a file another length, as another process may at any time; an access beyond the new end is unlawful. No
    /// system call.
    /// </summary>
    /// <param name="path">The path of a file that has been placed or made.</param>
    /// <param name="byteCount">Its new length in bytes.</param>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public void ResizeFile(string path, ulong byteCount)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out SimulatedFile? file))
            {
                throw new ArgumentException($"There is no file {path}.", nameof(path));
            }

            file.ByteCount = byteCount;
        }
    }

    /// <summary>The length of a file in bytes, or <see langword="null"/> where there is none.</summary>
    /// <param name="path">Its path.</param>
    public ulong? FileByteCount(string path)
    {
        lock (_gate)
        {
            return _files.TryGetValue(path, out SimulatedFile? file) ? file.ByteCount : null;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        lock (_gate)
        {
            CountSystemCall();
            handle = null;
            if (!Supports(PlatformCapabilities.SharedMemoryObjects))
            {
                return Refuse(SystemOperation.CreateSharedMemory, 0, byteCount, RefusalReason.NotSupported);
            }

            handle = Open(
                NewObject(byteCount, isReadOnly: false),
                MemoryObjectKind.SharedMemory,
                MemoryObjectAccess.ReadWrite,
                name);
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        lock (_gate)
        {
            CountSystemCall();
            handle = null;
            bool writable = access == MemoryObjectAccess.ReadWrite;
            if (!_files.TryGetValue(path, out SimulatedFile? file))
            {
                if (!writable || byteCount == 0)
                {
                    return Refuse(SystemOperation.OpenFile, 0, (nuint)byteCount, RefusalReason.NotFound);
                }

                _files.Add(path, file = NewObject(byteCount, isReadOnly: false));
            }

            if (writable && file.IsReadOnly)
            {
                return Refuse(SystemOperation.OpenFile, 0, (nuint)byteCount, RefusalReason.AccessDenied);
            }

            if (file.ByteCount < byteCount && !writable)
            {
                return Refuse(SystemOperation.OpenFile, 0, (nuint)byteCount, RefusalReason.InvalidRange);
            }

            file.ByteCount = ulong.Max(file.ByteCount, byteCount);
            handle = Open(file, MemoryObjectKind.File, access, path);
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount)
    {
        lock (_gate)
        {
            CountSystemCall();
            byteCount = Own(handle).ByteCount;
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply SynchronizeObjectCore(MemoryObjectHandle handle)
    {
        lock (_gate)
        {
            CountSystemCall();
            _ = Own(handle);
            return SystemReply.Success;
        }
    }

    internal void CloseHandle() => Interlocked.Decrement(ref _openHandleCount);

    private SimulatedFile NewObject(ulong byteCount, bool isReadOnly)
    {
        SimulatedFile file = new(++_lastObject, byteCount, isReadOnly);
        _objects.Add(file.Id, file);
        return file;
    }

    private SimulatedObjectHandle Open(SimulatedFile file, MemoryObjectKind kind, MemoryObjectAccess access, string name)
    {
        Interlocked.Increment(ref _openHandleCount);
        return new SimulatedObjectHandle(this, file, kind, access, name);
    }

    private SimulatedFile Own(MemoryObjectHandle handle)
    {
        if (handle is not SimulatedObjectHandle own || own.Platform != this)
        {
            throw new ArgumentException("The object was made by another platform.", nameof(handle));
        }

        ObjectDisposedException.ThrowIf(own.IsClosed, own);
        return own.File;
    }
}

using System.Text;
using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Objects;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        handle = null;
        int error = _binding.CreateMemory(Terminated(name, MostNameBytes), out int file);
        if (error != 0)
        {
            return Reply(SystemOperation.CreateSharedMemory, 0, byteCount, error);
        }

        error = _binding.SetLength(file, byteCount);
        if (error != 0)
        {
            _binding.CloseFile(file);
            return Reply(SystemOperation.CreateSharedMemory, 0, byteCount, error);
        }

        handle = new PosixObjectHandle(
            _binding, file, MemoryObjectKind.SharedMemory, MemoryObjectAccess.ReadWrite, byteCount, name);
        return SystemReply.Success;
    }

    /// <inheritdoc/>
    protected override SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        handle = null;
        bool writable = access == MemoryObjectAccess.ReadWrite;
        int error = _binding.OpenObject(
            Terminated(path, int.MaxValue), writable, create: writable && byteCount != 0, out int file);
        if (error != 0)
        {
            return Reply(SystemOperation.OpenFile, 0, (nuint)byteCount, error);
        }

        error = Prepare(file, access, byteCount, out ulong found);
        if (error != 0)
        {
            _binding.CloseFile(file);
            return Reply(SystemOperation.OpenFile, 0, (nuint)byteCount, error);
        }

        handle = new PosixObjectHandle(_binding, file, MemoryObjectKind.File, access, found, path);
        return SystemReply.Success;
    }

    /// <inheritdoc/>
    protected override SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount)
    {
        PosixObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            return Reply(SystemOperation.GetObjectByteCount, 0, 0, _binding.Length(own.File, out byteCount));
        }
        finally
        {
            Release(own, isHeld);
        }
    }

    /// <inheritdoc/>
    protected override SystemReply SynchronizeObjectCore(MemoryObjectHandle handle)
    {
        PosixObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            return Reply(SystemOperation.SynchronizeObject, 0, 0, _binding.SynchronizeFile(own.File));
        }
        finally
        {
            Release(own, isHeld);
        }
    }

    /// <inheritdoc/>
    protected override SystemReply SynchronizeCore(nuint address, nuint byteCount) =>
        Reply(SystemOperation.Synchronize, address, byteCount, _binding.Synchronize(address, byteCount));

    // What memfd_create takes of a name.
    private const int MostNameBytes = 249;

    /// <summary>
    /// Sees to the length, and that the file can be mapped, by mapping a page of it: a mapping that the file's own
    /// driver refuses later could be refused after the range that it was to replace is gone.
    /// </summary>
    private int Prepare(int file, MemoryObjectAccess access, ulong byteCount, out ulong found)
    {
        int error = _binding.Length(file, out found);
        if (error != 0)
        {
            return NotAFile(error);
        }

        bool writable = access == MemoryObjectAccess.ReadWrite;
        if (found < byteCount && !writable)
        {
            return ErrorNumbers.Invalid;
        }

        PageProtection protection = writable ? PageProtection.ReadWrite : PageProtection.Read;
        error = _binding.MapObject(
            0, _pageSize, MapPlace.Anywhere, protection, MappingSharing.Shared, file, 0, out nuint page);
        if (error != 0)
        {
            return NotAFile(error);
        }

        error = _binding.Unmap(page, _pageSize);
        if (error == 0 && found < byteCount)
        {
            error = _binding.SetLength(file, byteCount);
            found = byteCount;
        }

        return error;
    }

    // What has no length, and what its driver does not map, may say that the argument is invalid. None of ours is.
    private static int NotAFile(int error) =>
        ErrorNumbers.Classify(error) == PosixError.Invalid ? ErrorNumbers.NotSupported : error;

    private static PosixObjectHandle Own(MemoryObjectHandle handle) => handle as PosixObjectHandle
        ?? throw new ArgumentException("The object was made by another platform.", nameof(handle));

    private static void Release(PosixObjectHandle handle, bool isHeld)
    {
        if (isHeld)
        {
            handle.DangerousRelease();
        }
    }

    private static byte[] Terminated(string text, int mostBytes)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + '\0');
        if (bytes.Length > mostBytes)
        {
            bytes = bytes[..mostBytes];
            bytes[^1] = 0;
        }

        return bytes;
    }
}

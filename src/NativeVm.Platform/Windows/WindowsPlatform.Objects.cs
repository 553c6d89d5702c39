using NativeVm.Platform.Windows.Objects;
using static NativeVm.Platform.Windows.Objects.WindowsFiles;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    // From this length on a path needs a prefix that switches the old limit off.
    private const int LongPath = 248;
    private const string LongPathPrefix = @"\\?\";

    /// <remarks>A section of the page file, all of it charged against the commit limit now.</remarks>
    protected override SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        int error = CreateSection(InvalidHandle, PAGE_EXECUTE_READWRITE, byteCount, out nint section);
        handle = error == ERROR_SUCCESS
            ? new WindowsObjectHandle(_system, WindowsObjectHandle.None, section, MemoryObjectAccess.ReadWrite, byteCount, name)
            : null;
        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.CreateSharedMemory, 0, byteCount, error);
    }

    protected override SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        handle = null;
        int error = Open(path, access, create: byteCount != 0, out nint file);
        if (error != ERROR_SUCCESS)
        {
            return Refusal(SystemOperation.OpenFile, 0, (nuint)byteCount, error);
        }

        error = SectionOf(file, access, ref byteCount, out nint section);
        if (error != ERROR_SUCCESS)
        {
            _ = _system.CloseHandle(file);
            return Refusal(SystemOperation.OpenFile, 0, (nuint)byteCount, error);
        }

        handle = new WindowsObjectHandle(_system, file, section, access, byteCount, path);
        return SystemReply.Success;
    }

    protected override SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount)
    {
        WindowsObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            byteCount = own.ByteCount;
            int error = own.File == WindowsObjectHandle.None ? ERROR_SUCCESS : LengthOf(own.File, out byteCount);
            return error == ERROR_SUCCESS
                ? SystemReply.Success
                : Refusal(SystemOperation.GetObjectByteCount, 0, 0, error);
        }
        finally
        {
            Release(own, isHeld);
        }
    }

    /// <remarks>A file that is open for reading has nothing of ours to be written.</remarks>
    protected override SystemReply SynchronizeObjectCore(MemoryObjectHandle handle)
    {
        WindowsObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            if (own.File == WindowsObjectHandle.None || own.Access == MemoryObjectAccess.Read)
            {
                return SystemReply.Success;
            }

            CountCall();
            return _system.FlushFileBuffers(own.File)
                ? SystemReply.Success
                : Refusal(SystemOperation.SynchronizeObject, 0, 0, LastError());
        }
        finally
        {
            Release(own, isHeld);
        }
    }

    private int Open(string path, MemoryObjectAccess access, bool create, out nint file)
    {
        string full = Path.GetFullPath(path);
        if (full.Length >= LongPath && !full.StartsWith(@"\\", StringComparison.Ordinal))
        {
            full = LongPathPrefix + full;
        }

        bool writable = access == MemoryObjectAccess.ReadWrite;
        fixed (char* name = full)
        {
            CountCall();
            file = _system.CreateFile(
                name,
                writable ? GenericRead | GenericWrite : GenericRead,
                writable && create ? OpenAlways : OpenExisting);
            return file == InvalidHandle ? LastError() : ERROR_SUCCESS;
        }
    }

    /// <summary>Makes the section of a file; a longer one makes the file longer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="access">What it was opened for.</param>
    /// <param name="byteCount">What it has to be at least; afterwards what it is, when nothing was refused.</param>
    /// <param name="section">The section, or none for a file of length 0.</param>
    private int SectionOf(nint file, MemoryObjectAccess access, ref ulong byteCount, out nint section)
    {
        section = WindowsObjectHandle.None;
        int error = LengthOf(file, out ulong length);
        if (error != ERROR_SUCCESS)
        {
            return error;
        }

        bool writable = access == MemoryObjectAccess.ReadWrite;
        if (length < byteCount && !writable)
        {
            return ERROR_HANDLE_EOF;
        }

        byteCount = Math.Max(length, byteCount);
        return byteCount == 0
            ? ERROR_SUCCESS
            : CreateSection(file, writable ? (uint)PAGE_READWRITE : PAGE_READONLY, byteCount, out section);
    }

    private int CreateSection(nint file, uint protection, ulong byteCount, out nint section)
    {
        CountCall();
        section = _system.CreateFileMapping(file, protection, byteCount);
        return section == 0 ? LastError() : ERROR_SUCCESS;
    }

    private int LengthOf(nint file, out ulong byteCount)
    {
        long length = 0;
        CountCall();
        int error = _system.GetFileSize(file, &length) ? ERROR_SUCCESS : LastError();
        byteCount = error == ERROR_SUCCESS ? (ulong)length : 0;
        return error;
    }

    private static WindowsObjectHandle Own(MemoryObjectHandle handle) => handle as WindowsObjectHandle
        ?? throw new ArgumentException("The object was made by another platform.", nameof(handle));

    private static void Release(WindowsObjectHandle handle, bool isHeld)
    {
        if (isHeld)
        {
            handle.DangerousRelease();
        }
    }
}

using NativeVm.Platform.Windows.Objects;

namespace NativeVm.Platform.Windows.Native;

// Files, sections and views.
internal unsafe partial class WindowsBinding
{
    // What stands for the process that calls.
    private const nint ThisProcess = -1;

    /// <returns>The file, or <see cref="WindowsFiles.InvalidHandle"/>.</returns>
    public virtual nint CreateFile(char* name, uint access, uint disposition) => WindowsFiles.CreateFileW(
        name, access, WindowsFiles.ShareAll, null, disposition, WindowsFiles.AttributeNormal, 0);

    public virtual bool GetFileSize(nint file, long* byteCount) => WindowsFiles.GetFileSizeEx(file, byteCount) != 0;

    public virtual bool FlushFileBuffers(nint file) => WindowsFiles.FlushFileBuffers(file) != 0;

    public virtual bool CloseHandle(nint handle) => WindowsFiles.CloseHandle(handle) != 0;

    /// <returns>The section, or 0.</returns>
    public virtual nint CreateFileMapping(nint file, uint protection, ulong byteCount) =>
        WindowsFiles.CreateFileMappingW(file, null, protection, (uint)(byteCount >> 32), (uint)byteCount, null);

    /// <returns>The address of the view, or 0.</returns>
    public virtual nuint MapViewOfFile(nint section, uint access, ulong offset, nuint byteCount, nuint address) =>
        WindowsFiles.MapViewOfFileEx(section, access, (uint)(offset >> 32), (uint)offset, byteCount, address);

    /// <returns>The address of the view, or 0.</returns>
    public virtual nuint MapViewOfFile3(
        nint section, nuint address, ulong offset, nuint byteCount, uint how, uint protection) =>
        WindowsFiles.MapViewOfFile3(section, ThisProcess, address, offset, byteCount, how, protection, null, 0);

    public virtual bool UnmapViewOfFile(nuint address) => WindowsFiles.UnmapViewOfFile(address) != 0;

    public virtual bool UnmapViewOfFile2(nuint address, uint how) =>
        WindowsFiles.UnmapViewOfFile2(ThisProcess, address, how) != 0;

    public virtual bool FlushViewOfFile(nuint address, nuint byteCount) =>
        WindowsFiles.FlushViewOfFile(address, byteCount) != 0;

    public virtual bool FlushInstructionCache(nuint address, nuint byteCount) =>
        WindowsFiles.FlushInstructionCache(ThisProcess, address, byteCount) != 0;
}

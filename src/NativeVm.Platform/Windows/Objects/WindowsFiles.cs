using System.Runtime.InteropServices;

namespace NativeVm.Platform.Windows.Objects;

/// <summary>
/// Files, sections and views: <c>fileapi.h</c>, <c>memoryapi.h</c>. Handles are plain numbers and truth values are
/// <see cref="int"/> here. None keeps the error for <c>Marshal.GetLastPInvokeError</c>: read
/// <see cref="Marshal.GetLastSystemError"/> straight after the call.
/// </summary>
internal static unsafe class WindowsFiles
{
    public const nint InvalidHandle = -1;

    public const uint GenericRead = 0x8000_0000;
    public const uint GenericWrite = 0x4000_0000;
    public const uint ShareAll = 7;
    public const uint OpenExisting = 3;
    public const uint OpenAlways = 4;
    public const uint AttributeNormal = 0x80;

    public const uint MapCopy = 1;
    public const uint MapWrite = 2;
    public const uint MapRead = 4;
    public const uint MapExecute = 0x20;

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern nint CreateFileW(
        char* name, uint access, uint sharing, void* security, uint disposition, uint attributes, nint template);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int GetFileSizeEx(nint file, long* byteCount);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int FlushFileBuffers(nint file);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern nint CreateFileMappingW(
        nint file, void* security, uint protection, uint byteCountHigh, uint byteCountLow, char* name);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern nuint MapViewOfFileEx(
        nint section, uint access, uint offsetHigh, uint offsetLow, nuint byteCount, nuint address);

    [DllImport("kernelbase", ExactSpelling = true)]
    public static extern nuint MapViewOfFile3(
        nint section,
        nint process,
        nuint address,
        ulong offset,
        nuint byteCount,
        uint allocationType,
        uint protection,
        void* parameters,
        uint parameterCount);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int UnmapViewOfFile(nuint address);

    [DllImport("kernelbase", ExactSpelling = true)]
    public static extern int UnmapViewOfFile2(nint process, nuint address, uint flags);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int FlushViewOfFile(nuint address, nuint byteCount);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int CloseHandle(nint handle);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int FlushInstructionCache(nint process, nuint address, nuint byteCount);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int GetNumaHighestNodeNumber(uint* node);
}

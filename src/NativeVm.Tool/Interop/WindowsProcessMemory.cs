using System.Runtime.InteropServices;

namespace NativeVm.Tool.Interop;

/// <summary>What Windows tells of the memory of another process, or of this one.</summary>
internal static unsafe partial class WindowsProcessMemory
{
    /// <summary><c>PROCESS_QUERY_INFORMATION | PROCESS_VM_READ</c>.</summary>
    public const uint QueryAndRead = 0x0410;

    /// <summary><c>MEM_IMAGE</c> and <c>MEM_MAPPED</c>: there is a file behind the pages.</summary>
    public const uint TypeImage = 0x100_0000;

    /// <summary><c>MEM_MAPPED</c>.</summary>
    public const uint TypeMapped = 0x4_0000;

    /// <summary><c>MEM_FREE</c>.</summary>
    public const uint StateFree = 0x1_0000;

    /// <summary><c>MEM_COMMIT</c>.</summary>
    public const uint StateCommitted = 0x1000;

    /// <summary><c>PAGE_GUARD</c>: the first access faults.</summary>
    public const uint PageGuard = 0x100;

    private const int NameCapacity = 1024;

    /// <summary>One region of <c>VirtualQueryEx</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Region
    {
        /// <summary>The first address.</summary>
        public nuint Address;

        /// <summary>The reservation it is part of.</summary>
        public nuint AllocationAddress;

        /// <summary>The protection it was reserved with.</summary>
        public uint AllocationProtection;

        /// <summary>The memory partition.</summary>
        public ushort Partition;

        /// <summary>Length in bytes.</summary>
        public nuint ByteCount;

        /// <summary>Free, reserved or committed.</summary>
        public uint State;

        /// <summary>What may be done to the pages.</summary>
        public uint Protection;

        /// <summary>Private, mapped or image.</summary>
        public uint Type;
    }

    /// <summary>One page of <c>QueryWorkingSetEx</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Page
    {
        /// <summary>Any address in the page.</summary>
        public nuint Address;

        /// <summary>What is known of it, in bits.</summary>
        public nuint Bits;

        /// <summary>Whether it is in physical memory.</summary>
        public readonly bool IsResident => (Bits & 1) != 0;

        /// <summary>Whether it is in physical memory for this process alone.</summary>
        public readonly bool IsPrivate => IsResident && (Bits & (1 << 15)) == 0;

        /// <summary>Whether it is locked.</summary>
        public readonly bool IsLocked => IsResident && (Bits & (1 << 22)) != 0;

        /// <summary>Whether it is part of a large page.</summary>
        public readonly bool IsLarge => IsResident && (Bits & (1 << 23)) != 0;
    }

    /// <summary><c>GetCurrentProcess</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "GetCurrentProcess")]
    public static partial nint Current();

    /// <summary><c>OpenProcess</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "OpenProcess", SetLastError = true)]
    public static partial nint Open(uint access, int isInherited, int processId);

    /// <summary><c>CloseHandle</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "CloseHandle", SetLastError = true)]
    public static partial int Close(nint process);

    /// <summary><c>GetExitCodeProcess</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "GetExitCodeProcess", SetLastError = true)]
    public static partial int ExitCode(nint process, out uint exitCode);

    /// <summary><c>VirtualQueryEx</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "VirtualQueryEx", SetLastError = true)]
    public static partial nuint Query(nint process, nuint address, Region* region, nuint byteCount);

    /// <summary><c>QueryWorkingSetEx</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "K32QueryWorkingSetEx", SetLastError = true)]
    public static partial int QueryPages(nint process, Page* pages, uint byteCount);

    /// <summary>The file behind an address, or nothing.</summary>
    /// <param name="process">The process.</param>
    /// <param name="address">The address.</param>
    public static string FileName(nint process, nuint address)
    {
        char* name = stackalloc char[NameCapacity];
        uint length = MappedFileName(process, address, name, NameCapacity);
        return new string(name, 0, (int)Math.Min(length, NameCapacity));
    }

    [LibraryImport("kernel32", EntryPoint = "K32GetMappedFileNameW", SetLastError = true)]
    private static partial uint MappedFileName(nint process, nuint address, char* name, uint capacity);
}

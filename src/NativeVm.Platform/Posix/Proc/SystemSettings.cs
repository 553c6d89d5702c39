using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix.Proc;

/// <summary>What the system has set for every process, read once.</summary>
internal readonly struct SystemSettings
{
    // Of what Linux gives x64 programs that do not ask for more (five-level page tables) with a hint: 47 bits less
    // the page that keeps a system call at the very end from returning to a non-canonical address.
    private const ulong HighestLinuxX64 = 0x7fff_ffff_f000;
    private const ulong HighestMacOSX64 = 0x7fff_ffe0_0000;
    private const ulong HighestMacOSArm64 = 0x7fff_fe00_0000;
    private const ulong HighestFreeBSD = 0x7fff_ffff_f000;

    // All of the lowest 4 GiB of a 64-bit process on macOS is its zero page.
    private const ulong LowestMacOS = 0x1_0000_0000;

    // Linux puts its call gate above the user's addresses.
    private const ulong HighestOfUser = 1UL << 63;

    public ulong LowestAddress { get; private init; }

    public ulong HighestAddress { get; private init; }

    public nuint HugePageSize { get; private init; }

    /// <summary>Whether the system ignores the wish for transparent huge pages.</summary>
    public bool AreHugePagesOff { get; private init; }

    /// <summary>The cap on mappings, 0 where there is none.</summary>
    public nuint MappingLimit { get; private init; }

    /// <summary>One more than the highest memory node there is; at least 1.</summary>
    public int NumaNodeCount { get; private init; } = 1;

    public SystemSettings()
    {
    }

    public static SystemSettings Read(PosixBinding binding, nuint pageSize)
    {
        bool isArm = binding.Architecture == Architecture.Arm64;
        if (binding.Kind == PosixSystem.MacOS)
        {
            return new()
            {
                LowestAddress = LowestMacOS,
                HighestAddress = isArm ? HighestMacOSArm64 : HighestMacOSX64,
            };
        }

        if (binding.Kind != PosixSystem.Linux)
        {
            return new() { LowestAddress = pageSize, HighestAddress = HighestFreeBSD };
        }

        // The page at 0 stays free whatever the system allows: null references fault in it.
        nuint lowest = SystemFile.ReadNumber(binding, "/proc/sys/vm/mmap_min_addr\0"u8);
        lowest = (nuint.Max(lowest, pageSize) + pageSize - 1) & ~(pageSize - 1);
        Span<byte> buffer = stackalloc byte[64];
        ReadOnlySpan<byte> mode =
            SystemFile.Read(binding, "/sys/kernel/mm/transparent_hugepage/enabled\0"u8, buffer);
        return new()
        {
            LowestAddress = lowest,
            HighestAddress = binding.Architecture == Architecture.X64
                ? HighestLinuxX64
                : FindHighest(binding),
            HugePageSize = ReadHugePageSize(binding),
            AreHugePagesOff = mode.IsEmpty || mode.IndexOf("[never]"u8) >= 0,
            NumaNodeCount = ReadNodeCount(binding),
            MappingLimit = SystemFile.ReadNumber(binding, "/proc/sys/vm/max_map_count\0"u8),
        };
    }

    private static nuint ReadHugePageSize(PosixBinding binding)
    {
        nuint size = SystemFile.ReadNumber(binding, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size\0"u8);
        if (size == 0)
        {
            Span<byte> buffer = stackalloc byte[SystemFile.BufferSize];
            ReadOnlySpan<byte> text = SystemFile.Read(binding, "/proc/meminfo\0"u8, buffer);
            size = (nuint)SystemFile.Labelled(text, "Hugepagesize:"u8) * 1024;
        }

        return size;
    }

    // A list of ranges, as in 0-3,6: what counts is the last number.
    private static int ReadNodeCount(PosixBinding binding)
    {
        Span<byte> buffer = stackalloc byte[SystemFile.BufferSize];
        ReadOnlySpan<byte> list = SystemFile.Read(binding, "/sys/devices/system/node/online\0"u8, buffer).TrimEnd((byte)'\n');
        ReadOnlySpan<byte> last = list[(list.LastIndexOfAny((byte)'-', (byte)',') + 1)..];
        return Utf8Parser.TryParse(last, out int highest, out int length) && length == last.Length ? highest + 1 : 1;
    }

    // Kernels are built for 36 to 52 bits. The first thread's stack lies in the upper half of what there is, so the
    // next power of two above the highest mapping is the end.
    private static ulong FindHighest(PosixBinding binding)
    {
        ulong highest = 0;
        var reader = new ProcMapsReader(binding, stackalloc byte[ProcMapsReader.BufferSize]);
        while (reader.MoveNext() && reader.Current.End < HighestOfUser)
        {
            highest = reader.Current.End;
        }

        reader.Dispose();
        const ulong Usual = 1UL << 48;
        return highest == 0 ? Usual : BitOperations.RoundUpToPowerOf2(highest);
    }
}

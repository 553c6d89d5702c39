using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

public sealed unsafe partial class PersistentArena
{
    // How often a base that turns out to be taken is given up for another.
    private const int BaseTries = 16;

    /// <summary>Opens an arena, or makes a new one, or throws.</summary>
    /// <param name="options">Which, and how.</param>
    /// <exception cref="PersistentArenaException">It could not be opened; the exception says why and what to do.</exception>
    /// <exception cref="ArgumentException">As <see cref="TryOpen"/>.</exception>
    public static PersistentArena Open(PersistentArenaOptions options) =>
        TryOpen(options, out PersistentArena? arena, out PersistentArenaFailure failure)
            ? arena!
            : throw new PersistentArenaException(failure);

    /// <summary>Opens an arena, or makes a new one.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="arena">The arena; null unless it succeeds.</param>
    /// <param name="failure">What went wrong, if anything did.</param>
    /// <returns>
    /// Whether it is open. If it is not, a file that was there is what it was, but for zeros behind it; a new one may have
    /// been made.
    /// </returns>
    /// <remarks>
    /// Room that a crash left behind the last flush is cleared, in time proportional to it, 64 MiB at most in a file
    /// that nobody else has made longer.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The path is empty, the base address is no multiple of 64 KiB, the length reaches beyond the address space, or the
    /// platform is not the map's.
    /// </exception>
    public static bool TryOpen(
        PersistentArenaOptions options, out PersistentArena? arena, out PersistentArenaFailure failure)
    {
        arena = null;
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        VmPlatform platform = ObjectArguments.PlatformOf(options.Platform, options.Map);
        nuint span = SpanOf(options);
        failure = ArenaFile.Open(platform, options, out MemoryObjectHandle? file, out ArenaHeader header);
        if (failure.Error != PersistentArenaError.None)
        {
            return false;
        }

        failure = header.Sequence == 0
            ? Make(platform, options, span, file!, out arena)
            : Map(platform, options, file!, header, out arena);
        if (failure.Error != PersistentArenaError.None)
        {
            file!.Dispose();
        }

        return failure.Error == PersistentArenaError.None;
    }

    private static nuint SpanOf(PersistentArenaOptions options)
    {
        const nuint Mask = ArenaHeader.AreaByteCount - 1;
        nuint span = options.MaxByteCount == 0 ? PersistentArenaOptions.DefaultMaxByteCount : options.MaxByteCount;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span, nuint.MaxValue / 2, nameof(options));
        span = Math.Max((span + Mask) & ~Mask, 2 * ArenaHeader.AreaByteCount);
        if ((options.BaseAddress & Mask) != 0 || options.BaseAddress > nuint.MaxValue - span)
        {
            throw new ArgumentException("An arena begins at a multiple of 64 KiB, and ends in the address space.", nameof(options));
        }

        return span;
    }

    private static PersistentArenaFailure Make(
        VmPlatform platform, PersistentArenaOptions options, nuint span, MemoryObjectHandle file, out PersistentArena? arena)
    {
        arena = null;
        VmResult result = VmResult.NoSpace;
        ViewRow? row = null;
        for (int i = 0; i < BaseTries && !result.IsSuccess; i++)
        {
            Placement placement = ChooseBase(platform, options, span, isLastTry: i == BaseTries - 1);
            result = ViewRow.Make(
                platform,
                options.Map,
                span,
                placement,
                row => row.Append(ArenaHeader.AreaByteCount, file, 0, PageProtection.ReadWrite, MappingSharing.Shared),
                out row);
            bool isTaken = result.Refusal.Reason is RefusalReason.AddressInUse or RefusalReason.NoAddressSpace;
            if (options.BaseAddress != 0 || !isTaken)
            {
                break;
            }
        }

        if (!result.IsSuccess)
        {
            return NotMapped(options, result, options.BaseAddress);
        }

        arena = new PersistentArena(options, row!, file, new ArenaHeader
        {
            Magic = ArenaHeader.ExpectedMagic,
            Version = ArenaHeader.ExpectedVersion,
            AddressByteCount = (uint)nuint.Size,
            BaseAddress = row!.Address,
            SpanByteCount = span,
            UsedByteCount = ArenaHeader.AreaByteCount,
            FormatVersion = options.FormatVersion,
        });
        if (arena.TryFlush(out PersistentArenaFailure failure))
        {
            return default;
        }

        // Blank again, so that it is no arena at a base that nobody was told.
        new Span<byte>((void*)row.Address, (int)ArenaHeader.AreaByteCount).Clear();
        row.Dispose();
        arena = null;
        return failure;
    }

    // Where systems put libraries, stacks and heaps is an end of the address space or above its half.
    private static Placement ChooseBase(VmPlatform platform, PersistentArenaOptions options, nuint span, bool isLastTry)
    {
        const nuint Area = ArenaHeader.AreaByteCount;
        nuint space = platform.HighestAddress - platform.LowestAddress;
        if (options.BaseAddress != 0)
        {
            return Placement.At(options.BaseAddress);
        }

        if (options.Map is not null || isLastTry || span > space / 4)
        {
            return Placement.Aligned(Math.Max(Area, platform.AllocationGranularity));
        }

        nuint lowest = platform.LowestAddress + (space / 8);
        nuint address = lowest + (nuint)Random.Shared.NextInt64((long)(space / 4));
        return Placement.At((address + (Area - 1)) & ~(Area - 1));
    }

    private static PersistentArenaFailure Map(
        VmPlatform platform,
        PersistentArenaOptions options,
        MemoryObjectHandle file,
        in ArenaHeader header,
        out PersistentArena? arena)
    {
        arena = null;
        SystemReply reply = platform.GetObjectByteCount(file, out ulong length);
        bool isWritten = options.Access == MemoryObjectAccess.ReadWrite;
        nuint unit = isWritten ? platform.AllocationGranularity : platform.PageSize;
        nuint mapped = (nuint)(Math.Min(length, header.SpanByteCount) + (unit - 1)) & ~(unit - 1);
        reply = reply.IsSuccess && isWritten ? platform.ExtendFile(file, mapped) : reply;
        if (reply.IsRefused)
        {
            return new(PersistentArenaError.Refused, options.Path, reply);
        }

        nuint address = (nuint)header.BaseAddress;
        bool isOutOfReach = address < platform.LowestAddress
            || address >= platform.HighestAddress
            || (nuint)header.SpanByteCount > platform.HighestAddress - address;
        if (isOutOfReach)
        {
            return new(PersistentArenaError.AddressTaken, options.Path, default, header.BaseAddress);
        }

        PageProtection protection = isWritten ? PageProtection.ReadWrite : PageProtection.Read;
        VmResult result = ViewRow.Make(
            platform,
            options.Map,
            (nuint)header.SpanByteCount,
            Placement.At(address),
            row => row.Append(mapped, file, 0, protection, MappingSharing.Shared),
            out ViewRow? row);
        if (!result.IsSuccess)
        {
            return NotMapped(options, result, header.BaseAddress);
        }

        arena = new PersistentArena(options, row!, file, header);
        if (isWritten)
        {
            Clear(row!.Address + (nuint)header.UsedByteCount, mapped - (nuint)header.UsedByteCount, platform.PageSize);
        }

        return default;
    }

    private static PersistentArenaFailure NotMapped(PersistentArenaOptions options, VmResult result, ulong address)
    {
        bool isTaken = address != 0
            && (result.Refusal.Reason is RefusalReason.AddressInUse or RefusalReason.NoAddressSpace
                || result.Code is VmResultCode.NoSpace or VmResultCode.InvalidAddress);
        return isTaken
            ? new(PersistentArenaError.AddressTaken, options.Path, result.Refusal, address)
            : result.Code == VmResultCode.NoSpace
            ? new(PersistentArenaError.Full, options.Path, default, options.Map?.MaxAddress - options.Map?.MinAddress ?? 0)
            : new(PersistentArenaError.Refused, options.Path, result.Refusal);
    }

    // Pages that read as zeros are left alone: most are holes of the file, and stay so.
    private static void Clear(nuint address, nuint byteCount, nuint pageSize)
    {
        nuint end = address + byteCount;
        for (nuint from = address; from < end;)
        {
            nuint to = Math.Min((from & ~(pageSize - 1)) + pageSize, end);
            Span<byte> page = new((void*)from, (int)(to - from));
            if (page.IndexOfAnyExcept((byte)0) >= 0)
            {
                page.Clear();
            }

            from = to;
        }
    }
}

using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>Opens the file of an arena and finds out what it is, before any of it is mapped where it belongs.</summary>
internal static unsafe class ArenaFile
{
    /// <summary>
    /// Opens the file. A file that is not an arena is never written, extended or truncated.
    /// </summary>
    /// <param name="platform">The system.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="handle">The file; null unless it succeeds.</param>
    /// <param name="header">What counts of the headers; a sequence of 0 for a file to be made into an arena.</param>
    public static PersistentArenaFailure Open(
        VmPlatform platform, PersistentArenaOptions options, out MemoryObjectHandle? handle, out ArenaHeader header)
    {
        header = default;
        SystemReply reply = platform.OpenFile(options.Path, options.Access, 0, out handle);
        bool isWritten = options.Access == MemoryObjectAccess.ReadWrite;
        if (reply.Reason == RefusalReason.NotFound && isWritten)
        {
            reply = platform.OpenFile(options.Path, options.Access, ArenaHeader.AreaByteCount, out handle);
        }

        if (reply.IsRefused)
        {
            PersistentArenaError error = reply.Reason switch
            {
                RefusalReason.NotFound => PersistentArenaError.NotFound,
                RefusalReason.AccessDenied when isWritten => PersistentArenaError.ReadOnly,
                _ => PersistentArenaError.Refused,
            };
            return new(error, options.Path, reply);
        }

        PersistentArenaFailure failure = Examine(platform, options, handle!, out header);
        if (failure.Error != PersistentArenaError.None)
        {
            handle!.Dispose();
            handle = null;
        }

        return failure;
    }

    private static PersistentArenaFailure Examine(
        VmPlatform platform, PersistentArenaOptions options, MemoryObjectHandle handle, out ArenaHeader header)
    {
        header = default;
        SystemReply reply = platform.GetObjectByteCount(handle, out ulong length);
        if (reply.IsRefused)
        {
            return new(PersistentArenaError.Refused, options.Path, reply);
        }

        bool isWritten = options.Access == MemoryObjectAccess.ReadWrite;
        if (length == 0 && isWritten)
        {
            reply = platform.ExtendFile(handle, ArenaHeader.AreaByteCount);
            return reply.IsRefused ? new(PersistentArenaError.Refused, options.Path, reply) : default;
        }

        if (length < ArenaHeader.AreaByteCount)
        {
            return new(PersistentArenaError.NotAnArena, options.Path);
        }

        reply = platform.MapObjectAnywhere(
            ArenaHeader.AreaByteCount, handle, 0, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out nuint view);
        if (reply.IsRefused)
        {
            return new(PersistentArenaError.Refused, options.Path, reply);
        }

        ArenaHeader first = *(ArenaHeader*)view;
        ArenaHeader second = *(ArenaHeader*)(view + ArenaHeader.SecondOffset);

        // A creation that was interrupted leaves this, and it is no loss to anybody.
        bool isBlank = length == ArenaHeader.AreaByteCount
            && new ReadOnlySpan<byte>((void*)view, (int)ArenaHeader.AreaByteCount).IndexOfAnyExcept((byte)0) < 0;
        _ = Insistence.On(() => platform.ReleaseObject(view, ArenaHeader.AreaByteCount));
        return isBlank && isWritten ? default : Choose(options, length, first, second, out header);
    }

    private static PersistentArenaFailure Choose(
        PersistentArenaOptions options, ulong length, in ArenaHeader first, in ArenaHeader second, out ArenaHeader header)
    {
        header = second.IsWhole && (!first.IsWhole || second.Sequence > first.Sequence) ? second : first;
        if (header.Magic != ArenaHeader.ExpectedMagic && second.Magic != ArenaHeader.ExpectedMagic)
        {
            return new(PersistentArenaError.NotAnArena, options.Path);
        }

        // Another version may keep its checksum elsewhere.
        uint version = first.Magic == ArenaHeader.ExpectedMagic ? first.Version : second.Version;
        if (!header.IsWhole)
        {
            return version is ArenaHeader.ExpectedVersion or 0
                ? new(PersistentArenaError.Damaged, options.Path)
                : new(PersistentArenaError.OtherVersion, options.Path, default, ArenaHeader.ExpectedVersion, version);
        }

        if (header.Version != ArenaHeader.ExpectedVersion)
        {
            return new(PersistentArenaError.OtherVersion, options.Path, default, ArenaHeader.ExpectedVersion, header.Version);
        }

        if (header.FormatVersion != options.FormatVersion)
        {
            return new(PersistentArenaError.OtherVersion, options.Path, default, options.FormatVersion, header.FormatVersion);
        }

        const ulong Mask = (ulong)ArenaHeader.AreaByteCount - 1;
        bool isSound = ((header.BaseAddress | header.SpanByteCount) & Mask) == 0
            && header.UsedByteCount >= (ulong)ArenaHeader.AreaByteCount
            && header.UsedByteCount <= header.SpanByteCount
            && header.SpanByteCount <= ulong.MaxValue - header.BaseAddress;
        if (!isSound)
        {
            return new(PersistentArenaError.Damaged, options.Path);
        }

        if (header.AddressByteCount != (uint)nuint.Size || header.BaseAddress + header.SpanByteCount > nuint.MaxValue)
        {
            return new(PersistentArenaError.AddressTaken, options.Path, default, header.BaseAddress);
        }

        return header.UsedByteCount <= length
            ? default
            : new(PersistentArenaError.Truncated, options.Path, default, header.UsedByteCount, length);
    }
}

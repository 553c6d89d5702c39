namespace NativeVm.Platform.Posix.Native;

// Memory objects: descriptors, and mappings of them.
internal abstract unsafe partial class PosixBinding
{
    private static readonly bool PassesModeOnStack = OperatingSystem.IsMacOS()
        && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64;

    /// <summary>Makes an object without a name, of length 0, that a child does not inherit.</summary>
    /// <param name="name">UTF-8 for people to read, ending in a zero byte.</param>
    /// <param name="file">The descriptor; -1 when refused.</param>
    public int CreateMemory(ReadOnlySpan<byte> name, out int file)
    {
        fixed (byte* text = name)
        {
            if (OperatingSystem.IsMacOS())
            {
                return CreateUnlinked(out file);
            }

            if (!OperatingSystem.IsLinux())
            {
                Count();
                file = LibC.OpenShared(
                    PosixConstants.SharedMemoryAnonymous, PosixConstants.OpenReadWrite, PosixConstants.OwnerOnly);
                return Answer(file);
            }

            // Mapping it executable is allowed all the same; not sealing it is what a system can forbid.
            Count();
            file = LibC.CreateMemory(text, PosixConstants.MemoryCloseOnExec | PosixConstants.MemoryNoExecSeal);
            int error = Answer(file);
            if (ErrorNumbers.Classify(error) == PosixError.Invalid)
            {
                Count();
                file = LibC.CreateMemory(text, PosixConstants.MemoryCloseOnExec);
                error = Answer(file);
            }

            return error;
        }
    }

    /// <summary>Opens a file to be mapped, and makes it if asked.</summary>
    /// <param name="path">UTF-8, ending in a zero byte.</param>
    /// <param name="writable">Whether it is to be written.</param>
    /// <param name="create">Whether to make it when it is not there.</param>
    /// <param name="file">The descriptor; -1 when refused.</param>
    public int OpenObject(ReadOnlySpan<byte> path, bool writable, bool create, out int file)
    {
        // Without waiting: a pipe would make the open wait for its other end.
        int flags = (writable ? PosixConstants.OpenReadWrite : PosixConstants.OpenReadOnly)
            | PosixConstants.OpenCloseOnExec
            | PosixConstants.OpenWithoutWaiting
            | (create ? PosixConstants.OpenCreate : 0);
        fixed (byte* text = path)
        {
            int error;
            do
            {
                Count();
                file = PassesModeOnStack
                    ? LibC.OpenOrCreateOnStack(text, flags, 0, 0, 0, 0, 0, 0, PosixConstants.ReadWriteForAll)
                    : LibC.OpenOrCreate(text, flags, PosixConstants.ReadWriteForAll);
                error = Answer(file);
            }
            while (ErrorNumbers.Classify(error) == PosixError.Interrupted);

            return error;
        }
    }

    /// <summary>Gives an object a length; what is added reads as zeros.</summary>
    public int SetLength(int file, ulong byteCount)
    {
        int error;
        do
        {
            Count();
            error = Answer(LibC.SetLength(file, (long)byteCount));
        }
        while (ErrorNumbers.Classify(error) == PosixError.Interrupted);

        return error;
    }

    /// <summary>The length of an object. Moves the descriptor's position, which nobody uses.</summary>
    public int Length(int file, out ulong byteCount)
    {
        const int FromEnd = 2;
        Count();
        long end = LibC.Seek(file, 0, FromEnd);
        int error = Answer(end);
        byteCount = error == 0 ? (ulong)end : 0;
        return error;
    }

    /// <summary>Waits until a file is on its device.</summary>
    public int SynchronizeFile(int file)
    {
        int error;
        do
        {
            Count();
            error = Answer(LibC.SynchronizeFile(file));
        }
        while (ErrorNumbers.Classify(error) == PosixError.Interrupted);

        return error;
    }

    /// <summary>Writes the changed pages of a range back and waits for it.</summary>
    public int Synchronize(nuint address, nuint byteCount)
    {
        Count();
        return SynchronizeCore(address, byteCount);
    }

    /// <summary>Maps part of an object.</summary>
    public int MapObject(
        nuint address,
        nuint byteCount,
        MapPlace place,
        PageProtection protection,
        MappingSharing sharing,
        int file,
        ulong offset,
        out nuint mapped)
    {
        Count();
        return MapObjectCore(
            address, byteCount, place, PosixConstants.Protection(protection), sharing, file, (long)offset, out mapped);
    }

    protected virtual int SynchronizeCore(nuint address, nuint byteCount) =>
        Answer(LibC.Synchronize(address, byteCount, PosixConstants.SynchronizeAndWait));

    // A copy-on-write mapping makes no more promise of memory than the reservation around it.
    protected virtual int MapObjectCore(
        nuint address,
        nuint byteCount,
        MapPlace place,
        int protection,
        MappingSharing sharing,
        int file,
        long offset,
        out nuint mapped)
    {
        int flags = sharing == MappingSharing.Shared
            ? PosixConstants.MapShared
            : PosixConstants.MapPrivate | PosixConstants.MapNoReserve;
        flags |= place == MapPlace.Replace ? PosixConstants.MapFixed : 0;
        return AnswerMap(LibC.Map(address, byteCount, protection, flags, file, offset), out mapped);
    }

    /// <summary>Where shared memory has to have a name, it has one for as long as it takes to open it.</summary>
    private int CreateUnlinked(out int file)
    {
        // Thirty-one characters at most; sixteen of them are drawn, so that nobody has them, and a name that is
        // taken is an error all the same.
        Span<byte> name = stackalloc byte[32];
        "/nativevm-"u8.CopyTo(name);
        _ = Random.Shared.NextInt64().TryFormat(name[10..], out int digits, "x16");
        name[10 + digits] = 0;
        fixed (byte* text = name)
        {
            const int Flags = PosixConstants.OpenReadWrite | PosixConstants.OpenCreateOnMacOS | PosixConstants.OpenExclusiveOnMacOS;
            Count();
            file = PassesModeOnStack
                ? LibC.OpenSharedOnStack(text, Flags, 0, 0, 0, 0, 0, 0, PosixConstants.OwnerOnly)
                : LibC.OpenShared(text, Flags, PosixConstants.OwnerOnly);
            int error = Answer(file);
            if (error == 0)
            {
                Count();
                _ = LibC.UnlinkShared(text);
            }

            return error;
        }
    }
}

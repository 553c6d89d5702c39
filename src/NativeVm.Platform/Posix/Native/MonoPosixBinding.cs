using Mono.Unix.Native;

namespace NativeVm.Platform.Posix.Native;

/// <summary>
/// Mono.Posix for what it does correctly. Its names for flags are its own numbers, which its native helper translates,
/// so only flags that it knows may go through it; it sets the last error as our own declarations do.
/// </summary>
internal sealed class MonoPosixBinding : PosixBinding
{
    private const MmapFlags ReserveFlags = MmapFlags.MAP_PRIVATE | MmapFlags.MAP_ANONYMOUS | MmapFlags.MAP_NORESERVE;

    public override string Name => "Mono.Posix";

    /// <summary>
    /// The binding, if Mono's native helper is there and works. It is tried on a page, not only loaded: a helper built
    /// for another C library may load and then fail.
    /// </summary>
    public static MonoPosixBinding? TryCreate()
    {
        try
        {
            var binding = new MonoPosixBinding();
            nuint pageSize = binding.PageSizeCore();
            if (pageSize != (nuint)Environment.SystemPageSize || binding.Map(pageSize, out nuint address) != 0)
            {
                return null;
            }

            bool works = binding.Protect(address, pageSize, PageProtection.ReadWrite) == 0;
            return binding.Unmap(address, pageSize) == 0 && works ? binding : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
            or TypeInitializationException or FileNotFoundException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    protected override nuint PageSizeCore() => (nuint)Syscall.sysconf(SysconfName._SC_PAGESIZE);

    protected override int MapCore(nuint address, nuint byteCount, bool replace, out nuint mapped)
    {
        MmapFlags flags = replace ? ReserveFlags | MmapFlags.MAP_FIXED : ReserveFlags;
        return AnswerMap(Syscall.mmap(unchecked((nint)address), byteCount, MmapProts.PROT_NONE, flags, -1, 0), out mapped);
    }

    protected override int UnmapCore(nuint address, nuint byteCount) => Answer(Syscall.munmap(unchecked((nint)address), byteCount));

    protected override int ProtectCore(nuint address, nuint byteCount, int protection) =>
        Answer(Syscall.mprotect(unchecked((nint)address), byteCount, (MmapProts)protection));

    protected override int LockCore(nuint address, nuint byteCount) => Answer(Syscall.mlock(unchecked((nint)address), byteCount));

    protected override int UnlockCore(nuint address, nuint byteCount) => Answer(Syscall.munlock(unchecked((nint)address), byteCount));

    protected override int SynchronizeCore(nuint address, nuint byteCount) =>
        Answer(Syscall.msync(unchecked((nint)address), byteCount, MsyncFlags.MS_SYNC));

    protected override int MapObjectCore(
        nuint address,
        nuint byteCount,
        MapPlace place,
        int protection,
        MappingSharing sharing,
        int file,
        long offset,
        out nuint mapped)
    {
        MmapFlags flags = sharing == MappingSharing.Shared
            ? MmapFlags.MAP_SHARED
            : MmapFlags.MAP_PRIVATE | MmapFlags.MAP_NORESERVE;
        flags |= place == MapPlace.Replace ? MmapFlags.MAP_FIXED : 0;
        return AnswerMap(
            Syscall.mmap(unchecked((nint)address), byteCount, (MmapProts)protection, flags, file, offset), out mapped);
    }
}

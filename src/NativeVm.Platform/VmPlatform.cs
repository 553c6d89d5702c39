using System.Diagnostics;

namespace NativeVm.Platform;

/// <summary>
/// The one seam to the operating system's virtual memory: reserve, commit, decommit, purge, protect, release and
/// what goes with them, and objects, guards and placement, on Windows and POSIX, simulated, or with faults injected.
/// </summary>
/// <remarks>
/// <para>
/// A reservation takes addresses and nothing else; a commit puts memory behind part of one, zeroed; a decommit
/// takes it away again. The platform keeps no record of ranges: whoever reserves remembers, and a call on a range
/// that is not the caller's is undefined. (The simulated platform does keep a record and reports such calls.)
/// </para>
/// <para>
/// Addresses are absolute. Addresses and lengths are multiples of <see cref="PageSize"/>, lengths are not 0, and
/// ranges do not wrap: anything else is misuse and throws, here, before the system is asked. What the system
/// refuses comes back as a <see cref="SystemReply"/>, and then the state is what it was.
/// </para>
/// <para>
/// All members may be called by any number of threads at once. None allocates on the managed heap, but for
/// <see cref="CreateSharedMemory"/> and <see cref="OpenFile"/>, which make a handle, and for <see cref="Query"/>,
/// <see cref="CountMappings"/> and <see cref="QueryProcess"/> on systems where the answer is a text file.
/// </para>
/// </remarks>
public abstract partial class VmPlatform
{
    private static readonly Lazy<VmPlatform> Real = new(CreateReal);

    /// <summary>The operating system that this process runs on.</summary>
    /// <exception cref="PlatformNotSupportedException">Neither Windows nor a POSIX system that is known.</exception>
    public static VmPlatform Current => Real.Value;

    /// <summary>The name to show people, for example <c>linux-x64 (Mono.Posix)</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes in a page, a power of two: 4,096 on most machines, 16,384 or 65,536 on some.</summary>
    public abstract nuint PageSize { get; }

    /// <summary>
    /// What the start of every reservation is a multiple of, in bytes: the page size on POSIX, 65,536 on Windows.
    /// </summary>
    public abstract nuint AllocationGranularity { get; }

    /// <summary>Bytes in a huge page, a power of two, or 0 where the system has none.</summary>
    public abstract nuint HugePageSize { get; }

    /// <summary>The lowest address that a reservation may have.</summary>
    public abstract nuint LowestAddress { get; }

    /// <summary>The first address above all that a reservation may have.</summary>
    public abstract nuint HighestAddress { get; }

    /// <summary>How many mappings the process may have (<c>vm.max_map_count</c>), or 0 where nothing limits them.</summary>
    public abstract nuint MappingLimit { get; }

    /// <summary>What this platform can do beyond the common ground.</summary>
    public abstract PlatformCapabilities Capabilities { get; }

    /// <summary>
    /// How many system calls this platform object has made. It counts calls, not pages, so that the cost of an
    /// operation can be tested without a clock.
    /// </summary>
    public abstract long SystemCallCount { get; }

    /// <summary>Whether every one of the capabilities is there.</summary>
    /// <param name="capabilities">One or more capabilities.</param>
    public bool Supports(PlatformCapabilities capabilities) => (Capabilities & capabilities) == capabilities;

    /// <summary>Whether the system acts on this advice; where it does not, <see cref="Advise"/> is refused.</summary>
    /// <param name="advice">The advice.</param>
    public abstract bool Supports(PageAdvice advice);

    private static VmPlatform CreateReal()
    {
        if (OperatingSystem.IsWindows())
        {
            return CreateWindows();
        }

        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD())
        {
            return CreatePosix();
        }

        throw new PlatformNotSupportedException("NativeVm knows Windows, Linux, macOS and FreeBSD.");
    }

    private void RequireRange(nuint address, nuint byteCount)
    {
        nuint mask = PageSize - 1;
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        if (((address | byteCount) & mask) != 0)
        {
            ThrowUnaligned(address, byteCount);
        }

        // The last byte is what must not wrap: a range may end exactly at the top of the address space.
        if (byteCount - 1 > nuint.MaxValue - address)
        {
            throw new ArgumentOutOfRangeException(nameof(byteCount), byteCount, "The range wraps around the address space.");
        }
    }

    private static void RequireProtection(PageProtection protection)
    {
        const PageProtection WriteAndExecute = PageProtection.Write | PageProtection.Execute;
        if (protection > (PageProtection.ReadWrite | PageProtection.Execute))
        {
            throw new ArgumentOutOfRangeException(nameof(protection), protection, "Not a page protection.");
        }

        if ((protection & WriteAndExecute) == WriteAndExecute)
        {
            throw new ArgumentException(
                "No range is writable and executable at once; map the memory twice, one view writable, the other executable.",
                nameof(protection));
        }
    }

    [StackTraceHidden]
    private void ThrowUnaligned(nuint address, nuint byteCount) => throw new ArgumentException(
        $"Address 0x{address:x} and length {byteCount} have to be multiples of the page size, {PageSize}.");
}

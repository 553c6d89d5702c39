using System.Runtime.Versioning;
using NativeVm.Platform;
using NativeVm.Platform.Windows.Native;
using TerraFX.Interop.Windows;

namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>
/// The memory calls of Windows over real pages of a POSIX system, with everything that a new Windows has and Wine
/// lacks, and as strict as the documentation is: an allocation is released whole, no call reaches over its ends, a
/// placeholder is replaced exactly, a section keeps its length, pages are unlocked all or none.
/// </summary>
/// <remarks>
/// It owns a few windows of addresses, one below 2 GiB and one of terabytes; the rest passes for somebody else's.
/// No call allocates on the managed heap, except those that open something.
/// </remarks>
[SupportedOSPlatform("windows10.0")]
internal sealed unsafe partial class SimulatedWindows : WindowsBinding, IDisposable
{
    /// <summary>One test at a time has one: it takes much of the address space.</summary>
    public const string Collection = "Simulated Windows";

    public const nuint Granularity = 65_536;

    private const nuint LowByteCount = 64 << 20;
    private const nuint FarByteCount = 64 << 20;
    private const nuint LowestOfAll = 65_536;
    private static readonly nuint HighestOfAll = (nuint)1 << 47;
    private static readonly nuint WideByteCount = (nuint)1 << 42;

    // Where the platform looks whether bounds are heeded.
    private static readonly Placement Far = Placement.Between((nuint)1 << 45, ((nuint)1 << 45) + ((nuint)1 << 32), Granularity);

    private readonly Lock _lock = new();
    private readonly WindowsRuns _runs = new();
    private readonly VmPlatform _host = VmPlatform.Current;
    private readonly List<(nuint Start, nuint End)> _windows = [];
    private readonly nuint _usualAddress;
    private int _error;
    private int _callsUntilRefusal;
    private int _refusalsLeft;

    public SimulatedWindows()
    {
        Take(LowByteCount, Placement.Below((nuint)1 << 31, Granularity)).ThrowIfRefused();

        // Somebody may have all of it; bounds are then found to be ignored, which is a system too.
        _ = Take(FarByteCount, Far);
        Take(WideByteCount, Placement.Between((nuint)1 << 44, HighestOfAll, (nuint)1 << 40)).ThrowIfRefused();

        // Aligned to no more than it must be, so that an alignment which is heeded shows.
        _usualAddress = _windows[^1].Start + Granularity;
        _windows.Sort();
        nuint foreign = LowestOfAll;
        foreach ((nuint start, nuint end) in _windows)
        {
            AddForeign(foreign, start);
            foreign = end;
        }

        AddForeign(foreign, HighestOfAll);
    }

    /// <summary><c>VirtualAlloc2</c> looks at the bounds that it is given, as Windows does and Wine 8 does not.</summary>
    public bool HeedsRequirements { get; init; } = true;

    /// <summary>Placeholders, from Windows 10 1803 on.</summary>
    public bool HasPlaceholders { get; init; } = true;

    /// <summary>A placeholder can be split, and no more.</summary>
    public bool CannotReplace { get; init; }

    /// <summary>Part of what replaced a placeholder can become one again.</summary>
    public bool SplitsReplacements { get; init; } = true;

    /// <summary><c>DiscardVirtualMemory</c>, from Windows 8.1 on.</summary>
    public bool HasDiscard { get; init; } = true;

    /// <summary>The process may use large pages.</summary>
    public bool HasLargePages { get; init; } = true;

    /// <summary>Blocks can be left out of crash dumps.</summary>
    public bool HasErrorReporting { get; init; } = true;

    /// <summary>Sections of the page file.</summary>
    public bool HasSections { get; init; } = true;

    /// <summary>Nodes of memory; 0 makes the question fail.</summary>
    public uint NodeCount { get; init; } = 2;

    /// <summary>How many pages may be locked.</summary>
    public int LockLimit { get; set; } = 1024;

    /// <summary>The error number of what is refused by <see cref="RefuseCall"/>.</summary>
    public int RefusalError { get; set; } = ERROR.ERROR_COMMITMENT_LIMIT;

    /// <summary>Whether the call that was to be refused has come.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>How many runs there are that are somebody else's.</summary>
    public nuint ForeignCount => (nuint)_windows.Count + 1;

    /// <summary>Refuses some of the calls to come.</summary>
    /// <param name="number">The first of them, 1 for the next call; 0 for none at all.</param>
    /// <param name="count">How many in a row.</param>
    public void RefuseCall(int number, int count = 1)
    {
        _callsUntilRefusal = number;
        _refusalsLeft = number == 0 ? 0 : count;
        HasRefused = false;
    }

    public override int LastError() => _error;

    public override void GetSystemInfo(SYSTEM_INFO* info)
    {
        info->dwPageSize = (uint)_host.PageSize;
        info->dwAllocationGranularity = (uint)Granularity;
        info->lpMinimumApplicationAddress = (void*)LowestOfAll;
        info->lpMaximumApplicationAddress = (void*)(HighestOfAll - 1);
    }

    public override nuint GetLargePageMinimum() => HasLargePages ? 2u << 20 : 0u;

    public override bool GetNumaHighestNodeNumber(uint* node)
    {
        *node = NodeCount - 1;
        return NodeCount != 0;
    }

    public void Dispose()
    {
        foreach ((nuint start, nuint end) in _windows)
        {
            _host.Release(start, end - start).ThrowIfRefused();
        }
    }

    private static nuint RoundUp(nuint value, nuint alignment) => (value + alignment - 1) & ~(alignment - 1);

    private static PageProtection ToHost(uint protection) => (protection & PAGE.PAGE_GUARD) != 0
        ? PageProtection.None
        : protection switch
        {
            PAGE.PAGE_READONLY => PageProtection.Read,
            PAGE.PAGE_READWRITE or PAGE.PAGE_WRITECOPY => PageProtection.ReadWrite,
            PAGE.PAGE_EXECUTE => PageProtection.Execute,
            PAGE.PAGE_EXECUTE_READ => PageProtection.ReadExecute,
            _ => PageProtection.None,
        };

    private SystemReply Take(nuint byteCount, in Placement placement)
    {
        SystemReply reply = _host.ReservePlaceholder(byteCount, placement, out nuint start);
        if (reply.IsSuccess)
        {
            _windows.Add((start, start + byteCount));
        }

        return reply;
    }

    private void AddForeign(nuint start, nuint end) =>
        _runs.Insert(new(start, end, start, WindowsAllocationKind.Foreign, 0, PAGE.PAGE_NOACCESS));

    // True is a success.
    private bool Answer(int error)
    {
        _error = error == ERROR.ERROR_SUCCESS ? _error : error;
        return error == ERROR.ERROR_SUCCESS;
    }

    private bool Refuses()
    {
        if (_refusalsLeft == 0 || --_callsUntilRefusal > 0)
        {
            return false;
        }

        _refusalsLeft--;
        HasRefused = true;
        return !Answer(RefusalError);
    }
}

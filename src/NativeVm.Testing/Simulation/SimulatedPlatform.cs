using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// A virtual-memory system that exists only as a record: it hands out addresses with no memory behind them, knows
/// what a real system would know of every page, enforces limits that a test chooses, and throws
/// <see cref="UnlawfulUseException"/> on calls that a correct program never makes.
/// </summary>
/// <remarks>
/// <para>
/// The record is the whole address space as runs of pages that are alike, the free ones included. Every call reads
/// the runs under its range, checks that it is lawful, works out what the runs become, joins equal neighbours,
/// checks the totals that would result against the limits, and only then replaces the runs. So a call costs
/// O(log n) and the runs it covers, never pages; a refusal leaves everything as it was; and a process with
/// 16 TiB reserved costs as much as one with 64 KiB.
/// </para>
/// <para>
/// What is simulated beyond state and protection: advice that splits mappings, locks, which pages are resident and
/// which may read as something else than zeros; objects, as a length and a number, and where they are mapped; guards.
/// Pages become resident and dirty by <see cref="Touch"/>, by
/// <see cref="VmPlatform.Prefault"/> and by <see cref="VmPlatform.Lock"/>, since nobody can write to them.
/// Mappings are counted as the result of each call, not as the steps in which a kernel gets there; at the limit,
/// a call is refused exactly when it would leave more mappings behind than it found.
/// </para>
/// <para>
/// All members may be called by any number of threads; one lock guards them. Calls allocate on the managed heap.
/// <b>The addresses must never be dereferenced.</b>
/// </para>
/// </remarks>
public sealed partial class SimulatedPlatform : VmPlatform
{
    private readonly Lock _gate = new();
    private readonly SimulatedPlatformOptions _options;
    private readonly RunTree _runs;
    private readonly Dictionary<long, Reservation> _reservations = [];

    // Scratch of the call that holds the gate.
    private readonly List<Run> _inRange = [];
    private readonly List<Run> _before = [];
    private readonly List<Run> _after = [];

    private RunTotals _totals;
    private nuint _peakResidentByteCount;
    private ulong _pageFaultCount;
    private long _systemCallCount;
    private long _lastOwner;

    /// <summary>A POSIX-like system without limits: <see cref="SimulatedPlatformOptions.PosixLike"/>.</summary>
    public SimulatedPlatform()
        : this(SimulatedPlatformOptions.PosixLike)
    {
    }

    /// <summary>A system as the options describe it, with nothing reserved.</summary>
    /// <param name="options">What to pretend to be.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says which.</exception>
    public SimulatedPlatform(SimulatedPlatformOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        _runs = new RunTree(_options.HighestAddress);
    }

    /// <summary>What it pretends to be.</summary>
    public SimulatedPlatformOptions Options => _options;

    /// <inheritdoc/>
    public override string Name => SpansReservations ? "simulated (POSIX-like)" : "simulated (Windows-like)";

    /// <inheritdoc/>
    public override nuint PageSize => _options.PageSize;

    /// <inheritdoc/>
    public override nuint AllocationGranularity => _options.AllocationGranularity;

    /// <inheritdoc/>
    public override nuint HugePageSize => _options.HugePageSize;

    /// <inheritdoc/>
    public override nuint LowestAddress => _options.LowestAddress;

    /// <inheritdoc/>
    public override nuint HighestAddress => _options.HighestAddress;

    /// <inheritdoc/>
    public override nuint MappingLimit => _options.MappingLimit;

    /// <inheritdoc/>
    public override PlatformCapabilities Capabilities => _options.HugePagePoolByteCount == 0
        ? _options.Capabilities
        : _options.Capabilities | PlatformCapabilities.ExplicitHugePages;

    /// <summary>How many calls have been made that a real system would have answered, refused ones included.</summary>
    public override long SystemCallCount => Interlocked.Read(ref _systemCallCount);

    private bool SpansReservations => Supports(PlatformCapabilities.RangesSpanReservations);

    /// <inheritdoc/>
    public override bool Supports(PageAdvice advice) => !_options.UnsupportedAdvice.Contains(advice) && advice switch
    {
        PageAdvice.HugePages or PageAdvice.NoHugePages or PageAdvice.CollapseHugePages => HugePageSize != 0,
        PageAdvice.ExcludeFromCoreDumps or PageAdvice.IncludeInCoreDumps =>
            Supports(PlatformCapabilities.ExcludeFromCoreDumps),
        _ => Enum.IsDefined(advice),
    };

    private void CountSystemCall() => Interlocked.Increment(ref _systemCallCount);

    private readonly record struct Reservation(nuint Start, nuint ByteCount, ReservationKind Kind)
    {
        public nuint End => Start + ByteCount;
    }
}

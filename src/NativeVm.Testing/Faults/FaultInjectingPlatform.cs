using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// Any platform, real or simulated, with a plan of calls that are refused without being passed on, a count of calls
/// and a log of them. With <see cref="FaultPlan.None"/> it counts and records only.
/// </summary>
/// <remarks>
/// <para>
/// A call that the plan refuses does not reach the platform underneath, so the state is what it was, as a
/// refusal promises. Arguments are checked first: misuse throws and is neither counted nor refused.
/// </para>
/// <para>
/// Arm a plan when the part under test begins and disarm it when that ends; counting starts again at each arming:
/// </para>
/// <code>
/// FaultInjectingPlatform platform = new(new SimulatedPlatform());
/// // … set up …
/// platform.Arm(FaultPlan.Call(3));
/// // … the operation whose third call fails …
/// platform.Disarm();
/// </code>
/// <para>
/// All members may be called by any number of threads; counting and choosing is done one call at a time, the
/// calls themselves run side by side. The platform underneath is neither owned nor disposed.
/// </para>
/// </remarks>
public sealed partial class FaultInjectingPlatform : VmPlatform
{
    private readonly VmPlatform _inner;
    private readonly CallCounter _counter;
    private readonly ReservationLedger _ledger = new();
    private readonly string _source;
    private readonly ICallObserver? _observer;

    /// <summary>A decorator that counts from the start and refuses nothing yet.</summary>
    /// <param name="inner">The platform that does the work.</param>
    /// <param name="options">What to count and remember; the defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity of the log is negative.</exception>
    public FaultInjectingPlatform(VmPlatform inner, FaultInjectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        options ??= new FaultInjectionOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.LogCapacity, nameof(options));
        _inner = inner;
        _counter = new CallCounter(options);
        _observer = options.Observer;
        _source = "";
    }

    /// <summary>
    /// A decorator that numbers its calls in one sequence with those of another: plan, counts and log are of both, and
    /// arming either arms both. So the calls of an operation for its pages and those for its records fail in turn.
    /// </summary>
    /// <param name="inner">The platform that does the work.</param>
    /// <param name="countsWith">The other; it too may count with a third.</param>
    /// <param name="source">What the log calls this one's calls, for example <c>metadata</c>.</param>
    public FaultInjectingPlatform(VmPlatform inner, FaultInjectingPlatform countsWith, string source)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(countsWith);
        ArgumentNullException.ThrowIfNull(source);
        _inner = inner;
        _counter = countsWith._counter;
        _observer = countsWith._observer;
        _source = source;
    }

    /// <summary>The platform that does the work.</summary>
    public VmPlatform Inner => _inner;

    /// <summary>The plan in force.</summary>
    public FaultPlan Plan => _counter.Plan;

    /// <summary>Calls since the plan was armed, refused ones included.</summary>
    public long CallCount => _counter.CallCount;

    /// <summary>Of <see cref="CallCount"/>, those that the plan refused.</summary>
    public long InjectedCount => _counter.InjectedCount;

    /// <summary>
    /// Reservations, and objects mapped at addresses of their own, that were made through this platform and have not
    /// been released through it. It is no matter of counting: arming does not change it.
    /// </summary>
    public int OpenReservationCount => _ledger.Count;

    /// <inheritdoc/>
    public override string Name => $"{_inner.Name} with faults";

    /// <inheritdoc/>
    public override nuint PageSize => _inner.PageSize;

    /// <inheritdoc/>
    public override nuint AllocationGranularity => _inner.AllocationGranularity;

    /// <inheritdoc/>
    public override nuint HugePageSize => _inner.HugePageSize;

    /// <inheritdoc/>
    public override nuint LowestAddress => _inner.LowestAddress;

    /// <inheritdoc/>
    public override nuint HighestAddress => _inner.HighestAddress;

    /// <inheritdoc/>
    public override nuint MappingLimit => _inner.MappingLimit;

    /// <inheritdoc/>
    public override PlatformCapabilities Capabilities => _inner.Capabilities;

    /// <summary>
    /// The system calls of the platform underneath, which never sees the calls that are refused here.
    /// </summary>
    public override long SystemCallCount => _inner.SystemCallCount;

    /// <inheritdoc/>
    public override bool Supports(PageAdvice advice) => _inner.Supports(advice);

    /// <summary>Puts a plan in force, counts from 1 again and empties the log.</summary>
    /// <param name="plan">Which calls to refuse from now on.</param>
    public void Arm(FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _counter.Arm(plan);
    }

    /// <summary>Refuses nothing more. Counts and log stay, and calls go on being counted.</summary>
    public void Disarm() => _counter.Disarm();

    /// <summary>Calls of one kind since the plan was armed, refused ones included.</summary>
    /// <param name="operation">Which kind.</param>
    public long CallCountOf(SystemOperation operation) => _counter.CallCountOf(operation);

    /// <summary>The latest calls since the plan was armed, in the order in which they began.</summary>
    public IReadOnlyList<RecordedCall> RecordedCalls() => _counter.RecordedCalls();

    /// <summary>The plan and the recorded calls, one a line, for the message of a failed test.</summary>
    public override string ToString() => $"{Name}: {Plan}\n{string.Join('\n', RecordedCalls())}";

    /// <summary>What <see cref="OpenReservationCount"/> counts, one a line.</summary>
    internal string OpenReservations() => _ledger.ToString();
}

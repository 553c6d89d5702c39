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
    private readonly Lock _gate = new();
    private readonly VmPlatform _inner;
    private readonly bool _countsQueries;
    private readonly CallLog _log;
    private readonly ICallObserver? _observer;
    private readonly long[] _operationCounts = new long[byte.MaxValue + 1];
    private FaultPlan _plan = FaultPlan.None;
    private long _callCount;
    private long _injectedCount;

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
        _countsQueries = options.CountsQueries;
        _log = new CallLog(options.LogCapacity);
        _observer = options.Observer;
    }

    /// <summary>The platform that does the work.</summary>
    public VmPlatform Inner => _inner;

    /// <summary>The plan in force.</summary>
    public FaultPlan Plan => Read(static platform => platform._plan);

    /// <summary>Calls since the plan was armed, refused ones included.</summary>
    public long CallCount => Read(static platform => platform._callCount);

    /// <summary>Of <see cref="CallCount"/>, those that the plan refused.</summary>
    public long InjectedCount => Read(static platform => platform._injectedCount);

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
        lock (_gate)
        {
            _plan = plan;
            _callCount = 0;
            _injectedCount = 0;
            Array.Clear(_operationCounts);
            _log.Clear();
        }
    }

    /// <summary>Refuses nothing more. Counts and log stay, and calls go on being counted.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            _plan = FaultPlan.None;
        }
    }

    /// <summary>Calls of one kind since the plan was armed, refused ones included.</summary>
    /// <param name="operation">Which kind.</param>
    public long CallCountOf(SystemOperation operation)
    {
        lock (_gate)
        {
            return _operationCounts[(byte)operation];
        }
    }

    /// <summary>The latest calls since the plan was armed, in the order in which they began.</summary>
    public IReadOnlyList<RecordedCall> RecordedCalls() => Read(static platform => platform._log.ToArray());

    /// <summary>The plan and the recorded calls, one a line, for the message of a failed test.</summary>
    public override string ToString() => $"{Name}: {Plan}\n{string.Join('\n', RecordedCalls())}";

    private T Read<T>(Func<FaultInjectingPlatform, T> read)
    {
        lock (_gate)
        {
            return read(this);
        }
    }
}

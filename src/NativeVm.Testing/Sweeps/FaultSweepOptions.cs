using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>How a <see cref="FaultSweep"/> is run. Immutable.</summary>
public sealed record FaultSweepOptions
{
    /// <summary>The platform for one run; a new POSIX-like <see cref="SimulatedPlatform"/> by default.</summary>
    /// <remarks>
    /// Called once a run. Where the state is disposable, the sweep also checks that nothing stays reserved after its
    /// disposal, and on a simulated platform that no handle stays open.
    /// </remarks>
    public Func<VmPlatform> CreatePlatform { get; init; } = static () => new SimulatedPlatform();

    /// <summary>
    /// The platform that memory for records comes from, for one run; the operating system by default. It must be real
    /// memory. Only a sweep by <see cref="FaultSweep.RunWithMetadata"/> hands it to its setup.
    /// </summary>
    public Func<VmPlatform> CreateMetadataPlatform { get; init; } = static () => VmPlatform.Current;

    /// <summary>Whether queries are counted and fail in their turn as well; they are not by default.</summary>
    public bool CountsQueries { get; init; }

    /// <summary>Which calls fail together; all patterns by default.</summary>
    public FaultPatterns Patterns { get; init; } = FaultPatterns.All;

    /// <summary>
    /// Whether an operation that failed is tried once more, without faults, and must then succeed; it is by default.
    /// Switch it off for operations that a failure forbids to repeat, such as a disposal.
    /// </summary>
    public bool RepeatsAfterFailure { get; init; } = true;

    /// <summary>
    /// The reason and error number of the injected refusals, taken from this plan, whose choice of calls is not
    /// looked at; out of memory, ENOMEM, by default.
    /// </summary>
    public FaultPlan Refusal { get; init; } = FaultPlan.None;

    /// <summary>The ordinal at which a sweep gives up, because the operation never ends; 100,000 by default.</summary>
    public long MostCalls { get; init; } = 100_000;
}

using System.Reflection;
using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>What every scenario has, whatever its state; derive from <see cref="FaultScenario{TState}"/>.</summary>
public abstract class FaultScenario
{
    private protected FaultScenario()
    {
    }

    /// <summary>Where it is swept; on both simulated systems by default.</summary>
    public virtual FaultSystems Systems => FaultSystems.Simulated;

    /// <summary>
    /// Which calls fail together; each alone and each with its neighbour by default. A system that refuses every call
    /// from one on also refuses every undoing; few can promise anything then.
    /// </summary>
    public virtual FaultPatterns Patterns => FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls;

    /// <summary>
    /// Reservations that a state which has been disposed of leaves to the collector by design; none by default.
    /// </summary>
    public virtual int KeptReservationCount => 0;

    /// <summary>
    /// Whether an exception is a failure that the operations document, rather than a defect; by default a
    /// <see cref="SystemRefusedException"/> and an <see cref="OutOfMemoryException"/>.
    /// </summary>
    /// <param name="exception">What an act threw.</param>
    public virtual bool IsRefusal(Exception exception) => exception is SystemRefusedException or OutOfMemoryException;

    /// <summary>Makes the platform of the pages for one run.</summary>
    /// <param name="system">Which of <see cref="Systems"/>; one alone.</param>
    public virtual VmPlatform CreatePlatform(FaultSystems system) => system switch
    {
        FaultSystems.PosixLike => new SimulatedPlatform(SimulatedPlatformOptions.PosixLike),
        FaultSystems.WindowsLike => new SimulatedPlatform(SimulatedPlatformOptions.WindowsLike),
        FaultSystems.Real => VmPlatform.Current,
        _ => throw new ArgumentOutOfRangeException(nameof(system), system, "One system alone."),
    };

    internal abstract FaultSweepReport Sweep(MethodInfo act, FaultSystems system);
}

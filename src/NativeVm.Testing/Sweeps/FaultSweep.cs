using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// Runs an operation again and again, failing its first call to the system, its second, and so on until a run needs
/// no call that could fail; after each run, what the failure left behind is verified.
/// </summary>
/// <remarks>
/// <para>
/// Each run has a platform and a state of its own. Faults are armed for the operation only: setup, verification and
/// disposal see a platform that refuses nothing of the plan. A failed operation is then repeated without faults and
/// must succeed, and a disposable state must leave nothing reserved on a simulated platform.
/// </para>
/// <para>
/// The number of runs is not fixed beforehand: an operation that takes another way after a failure makes other calls
/// than undisturbed, and those fail in their turn as well.
/// </para>
/// <code>
/// FaultSweep.Run(
///     setup: platform => new Engine(platform),
///     act: engine => engine.TryLoad(),
///     verify: (engine, succeeded) => Assert.Equal(succeeded ? 1 : 0, engine.LoadedCount));
/// </code>
/// </remarks>
public static class FaultSweep
{
    /// <summary>Sweeps one operation.</summary>
    /// <typeparam name="TState">What the operation works on; disposed after each run when it is disposable.</typeparam>
    /// <param name="setup">Makes the state on a platform.</param>
    /// <param name="act">
    /// The operation. Failure is <see langword="false"/> or a <see cref="SystemRefusedException"/>; every other
    /// exception ends the sweep.
    /// </param>
    /// <param name="verify">
    /// Told whether the operation succeeded, throws when the state is not what it should be; run again after the
    /// repetition of a failed operation.
    /// </param>
    /// <param name="options">The platform, the patterns of failure; the defaults when null.</param>
    /// <returns>How much was tried.</returns>
    /// <exception cref="FaultSweepException">
    /// The operation or its verification threw, the operation fails where nothing was injected, or it leaves
    /// something reserved. The message has the plan and the calls of that run.
    /// </exception>
    public static FaultSweepReport Run<TState>(
        Func<VmPlatform, TState> setup,
        Func<TState, bool> act,
        Action<TState, bool> verify,
        FaultSweepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(act);
        ArgumentNullException.ThrowIfNull(verify);
        return RunWithMetadata(platforms => setup(platforms.Pages), act, verify, options);
    }

    /// <summary>
    /// Sweeps one operation whose records have a platform of their own: calls for pages and calls for the memory of
    /// records are numbered in one sequence, and each fails in its turn.
    /// </summary>
    /// <typeparam name="TState">What the operation works on; disposed after each run when it is disposable.</typeparam>
    /// <param name="setup">Makes the state on the two platforms.</param>
    /// <param name="act">The operation, as with <see cref="Run"/>.</param>
    /// <param name="verify">As with <see cref="Run"/>.</param>
    /// <param name="options">The platforms, the patterns of failure; the defaults when null.</param>
    /// <returns>How much was tried.</returns>
    /// <exception cref="FaultSweepException">As with <see cref="Run"/>.</exception>
    public static FaultSweepReport RunWithMetadata<TState>(
        Func<FaultPlatforms, TState> setup,
        Func<TState, bool> act,
        Action<TState, bool> verify,
        FaultSweepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(act);
        ArgumentNullException.ThrowIfNull(verify);
        SweepOperation<TState> operation = new(setup, act, verify)
        {
            IsRefusal = static exception => exception is SystemRefusedException,
        };
        return new SweepRunner<TState>(options ?? new FaultSweepOptions(), operation).Run();
    }
}

using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>One run of a <see cref="FaultSweep"/>: one state, one plan.</summary>
internal sealed class SweepRun<TState>(VmPlatform inner, FaultPlan plan, SweepOperation<TState> operation)
{
    private readonly FaultInjectingPlatform _platform = new(inner);
    private readonly int _reservationCount = ReservationCountOf(inner);
    private readonly int _openHandleCount = OpenHandleCountOf(inner);
    private string _stage = "Setup";
    private string _calls = "";

    /// <summary>Calls of the operation, its repetition not among them.</summary>
    public long CallCount { get; private set; }

    /// <summary>Calls that were refused.</summary>
    public long InjectedCount { get; private set; }

    /// <summary>Whether the operation succeeded at the first try.</summary>
    public bool HasSucceeded { get; private set; }

    public void Execute(bool repeatsAfterFailure)
    {
        TState? state = default;
        try
        {
            state = operation.Setup(_platform);
            ActUnderFaults(state);
            Check("Verification", state, HasSucceeded);
            if (!HasSucceeded && repeatsAfterFailure)
            {
                Repeat(state);
            }

            DisposeLawfully(state);
        }
        catch (Exception exception)
        {
            string message = $"{_stage} went wrong with {plan} refused: {exception.Message}";
            throw new FaultSweepException($"{message}{DisposeAnyhow(state)}\n{_calls}", exception);
        }
    }

    private static int ReservationCountOf(VmPlatform platform) =>
        platform is SimulatedPlatform simulated ? simulated.ReservationCount : 0;

    private static int OpenHandleCountOf(VmPlatform platform) =>
        platform is SimulatedPlatform simulated ? simulated.OpenHandleCount : 0;

    private void ActUnderFaults(TState state)
    {
        _stage = "The operation";
        _platform.Arm(plan);
        try
        {
            HasSucceeded = Act(state);
        }
        finally
        {
            _calls = _platform.ToString();
            CallCount = _platform.CallCount;
            InjectedCount = _platform.InjectedCount;
            _platform.Disarm();
        }

        if (!HasSucceeded && InjectedCount == 0)
        {
            throw new FaultSweepException("It failed although no call was refused by the plan.");
        }
    }

    private void Repeat(TState state)
    {
        _stage = "The repetition without faults";
        if (!Act(state))
        {
            throw new FaultSweepException("It failed again.");
        }

        Check("Verification of the repetition", state, true);
    }

    private void Check(string stage, TState state, bool succeeded)
    {
        _stage = stage;
        operation.Verify(state, succeeded);
    }

    private bool Act(TState state)
    {
        try
        {
            return operation.Act(state);
        }
        catch (SystemRefusedException)
        {
            return false;
        }
    }

    private void DisposeLawfully(TState state)
    {
        _stage = "Disposal";
        if (state is not IDisposable disposable)
        {
            return;
        }

        disposable.Dispose();
        if (ReservationCountOf(inner) > _reservationCount)
        {
            throw new FaultSweepException($"Something stays reserved:\n{inner}");
        }

        if (OpenHandleCountOf(inner) > _openHandleCount)
        {
            throw new FaultSweepException("The handle of an object stays open.");
        }
    }

    // After a failure the first exception is the one to report; what disposal has to say is added to it.
    private string DisposeAnyhow(TState? state)
    {
        if (_stage == "Disposal" || state is not IDisposable disposable)
        {
            return "";
        }

        try
        {
            disposable.Dispose();
            return "";
        }
        catch (Exception exception)
        {
            return $"\nDisposal then threw {exception.GetType().Name}: {exception.Message}";
        }
    }
}

namespace NativeVm.Testing;

/// <summary>One run of a <see cref="FaultSweep"/>: one state, one plan.</summary>
internal sealed class SweepRun<TState>(FaultPlatforms platforms, FaultPlan plan, SweepOperation<TState> operation)
{
    private readonly int _reservationCount = platforms.Simulated?.ReservationCount ?? 0;
    private readonly int _openHandleCount = platforms.OpenHandleCount;
    private string _stage = "Setup";
    private string _calls = "";

    /// <summary>Calls of the operation, its repetition not among them.</summary>
    public long CallCount { get; private set; }

    /// <summary>Of these, those for metadata.</summary>
    public long MetadataCallCount { get; private set; }

    /// <summary>Calls that were refused.</summary>
    public long InjectedCount { get; private set; }

    /// <summary>Whether the operation succeeded at the first try.</summary>
    public bool HasSucceeded { get; private set; }

    public void Execute(bool repeatsAfterFailure)
    {
        TState? state = default;
        try
        {
            state = operation.Setup(platforms);
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

    private void ActUnderFaults(TState state)
    {
        _stage = "The operation";
        FaultInjectingPlatform platform = platforms.Pages;
        platform.Arm(plan);
        try
        {
            HasSucceeded = Act(state);
        }
        finally
        {
            _calls = platform.ToString();
            CallCount = platform.CallCount;
            MetadataCallCount = CountMetadataCalls();
            InjectedCount = platform.InjectedCount;
            platform.Disarm();
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
        if (!operation.IsFinal)
        {
            operation.Verify(state, succeeded);
        }
    }

    private bool Act(TState state)
    {
        try
        {
            return operation.Act(state);
        }
        catch (Exception exception) when (operation.IsRefusal(exception))
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
        long allowed = operation.KeptReservationCount + (operation.IsFinal ? InjectedCount : 0);
        if (platforms.OpenReservationCount > allowed)
        {
            throw new FaultSweepException($"Something stays reserved: {platforms.OpenReservations()}");
        }

        if (platforms.Simulated is { } simulated && simulated.ReservationCount - _reservationCount > allowed)
        {
            throw new FaultSweepException($"Something stays reserved:\n{simulated}");
        }

        if (platforms.OpenHandleCount > _openHandleCount)
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

    private long CountMetadataCalls()
    {
        long count = 0;
        foreach (RecordedCall call in platforms.Pages.RecordedCalls())
        {
            count += string.IsNullOrEmpty(call.Call.Source) ? 0 : 1;
        }

        return count;
    }
}

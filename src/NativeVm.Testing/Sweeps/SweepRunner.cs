namespace NativeVm.Testing;

/// <summary>The loops of <see cref="FaultSweep"/>: which plan follows which, and when a pattern is through.</summary>
internal sealed class SweepRunner<TState>(FaultSweepOptions options, SweepOperation<TState> operation)
{
    private FaultSweepReport _report;

    public FaultSweepReport Run()
    {
        SweepRun<TState> undisturbed = RunOnce(FaultPlan.None);
        _report = new FaultSweepReport(undisturbed.CallCount, 0, 0, 0)
        {
            UndisturbedMetadataCallCount = undisturbed.MetadataCallCount,
        };
        Sweep(FaultPatterns.SingleCall, static ordinal => FaultPlan.Call(ordinal));
        Sweep(FaultPatterns.NeighbouringCalls, static ordinal => FaultPlan.CallAndNext(ordinal));
        Sweep(FaultPatterns.AllFollowingCalls, static ordinal => FaultPlan.Calls(ordinal, long.MaxValue));
        return _report;
    }

    // The pattern is through with the first run that ends before its ordinal: nothing was left to fail.
    private void Sweep(FaultPatterns pattern, Func<long, FaultPlan> planAt)
    {
        if ((options.Patterns & pattern) == 0)
        {
            return;
        }

        FaultPlan refusal = options.Refusal;
        for (long ordinal = 1; ordinal <= options.MostCalls; ordinal++)
        {
            FaultPlan plan = planAt(ordinal).Saying(refusal.Reason, refusal.ErrorNumber, refusal.Domain);
            SweepRun<TState> run = RunOnce(plan);
            if (run.InjectedCount == 0)
            {
                return;
            }

            _report = _report.Add(new FaultSweepReport(0, 1, run.InjectedCount, run.HasSucceeded ? 0 : 1));
        }

        throw new FaultSweepException(
            $"After {options.MostCalls:N0} runs of pattern {pattern} the operation still makes calls that can fail.");
    }

    private SweepRun<TState> RunOnce(FaultPlan plan)
    {
        FaultPlatforms platforms = new(
            options.CreatePlatform(),
            options.CreateMetadataPlatform(),
            new FaultInjectionOptions { CountsQueries = options.CountsQueries });
        SweepRun<TState> run = new(platforms, plan, operation);
        run.Execute(options.RepeatsAfterFailure && !operation.IsFinal);
        return run;
    }
}

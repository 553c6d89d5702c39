using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Script;
using Spectre.Console;

namespace NativeVm.Tool.Replay;

/// <summary>Shows how far a replay is, on a terminal; elsewhere it shows nothing.</summary>
/// <remarks>The bar is drawn when a sample is taken, between the timed parts, and by no other thread.</remarks>
internal static class ReplayProgress
{
    private const long MillisecondsBetweenRefreshes = 100;

    /// <summary>Does some work under a progress bar.</summary>
    /// <typeparam name="T">What the work comes to.</typeparam>
    /// <param name="console">Where to show it.</param>
    /// <param name="script">The script that is replayed.</param>
    /// <param name="runCount">How often.</param>
    /// <param name="work">The work; it is handed what to tell of samples, or null.</param>
    public static T Show<T>(ToolConsole console, ReplayScript script, int runCount, Func<Action<ReplaySample>?, T> work)
    {
        if (!console.ShowsProgress)
        {
            return work(null);
        }

        return console.Out.Progress()
            .AutoRefresh(false)
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("Replaying", maxValue: (double)script.Steps.Length * runCount);
                int last = 0;
                long refreshed = 0;
                return work(sample =>
                {
                    task.Increment(sample.StepCount > last ? sample.StepCount - last : sample.StepCount);
                    last = sample.StepCount;
                    long now = Environment.TickCount64;
                    if (now - refreshed >= MillisecondsBetweenRefreshes)
                    {
                        refreshed = now;
                        context.Refresh();
                    }
                });
            });
    }
}

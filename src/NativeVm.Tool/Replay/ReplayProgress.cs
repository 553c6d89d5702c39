using NativeVm.Tool.Commands;
using Spectre.Console;

namespace NativeVm.Tool.Replay;

/// <summary>Shows how far replays are, on a terminal; elsewhere it shows nothing.</summary>
internal static class ReplayProgress
{
    /// <summary>Does some work under a progress bar.</summary>
    /// <typeparam name="T">What the work comes to.</typeparam>
    /// <param name="console">Where to show it.</param>
    /// <param name="runCount">How many runs there will be.</param>
    /// <param name="work">The work; it is handed what to tell before each run: what is run.</param>
    public static T Show<T>(ToolConsole console, int runCount, Func<Action<string>, T> work) => !console.ShowsProgress
        ? work(_ => { })
        : console.Out.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("Replaying", maxValue: runCount);
                bool isFirst = true;
                return work(what =>
                {
                    task.Description = Markup.Escape(what);
                    task.Increment(isFirst ? 0 : 1);
                    isFirst = false;
                });
            });
}

using NativeVm.Tool.Commands;
using Spectre.Console;

namespace NativeVm.Tool.Profiling;

/// <summary>Shows which case runs and how much time is left, on a terminal; elsewhere it shows nothing.</summary>
/// <remarks>The bar is drawn between slices, and by no other thread.</remarks>
internal static class ProfileProgress
{
    private const long MillisecondsBetweenRefreshes = 100;

    /// <summary>Does the work of each case under a progress bar.</summary>
    /// <param name="console">Where to show it.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="work">The work; it is handed what to tell how much of the case is done, or null.</param>
    public static void Show(ToolConsole console, IReadOnlyList<ProfileCase> cases, Action<ProfileCase, Action<double>?> work)
    {
        if (!console.ShowsProgress)
        {
            foreach (ProfileCase one in cases)
            {
                work(one, null);
            }

            return;
        }

        console.Out.Progress()
            .AutoRefresh(false)
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => Show(context, cases, work));
    }

    private static void Show(ProgressContext context, IReadOnlyList<ProfileCase> cases, Action<ProfileCase, Action<double>?> work)
    {
        ProgressTask task = context.AddTask("Profiling", maxValue: cases.Count);
        long refreshed = 0;
        for (int i = 0; i < cases.Count; i++)
        {
            int done = i;
            task.Description = $"{cases[i].Workload} {cases[i].Title}".EscapeMarkup();
            work(cases[i], share =>
            {
                long now = Environment.TickCount64;
                if (now - refreshed >= MillisecondsBetweenRefreshes)
                {
                    refreshed = now;
                    task.Value = done + Math.Min(1, share);
                    context.Refresh();
                }
            });
        }
    }
}

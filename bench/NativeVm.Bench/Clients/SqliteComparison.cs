using System.Diagnostics;
using System.Globalization;
using NativeVm.SqliteClient;

namespace NativeVm.Bench.Clients;

/// <summary>
/// SQLite on a heap of ours beside SQLite on its own allocator. The allocator is chosen once for a process, so each side
/// has a process of its own; all live all the time and take turns, one run each. What is compared is the processor's time,
/// which other programs on the machine disturb less than the clock; the side <c>own-again</c> says how much they do.
/// </summary>
internal static class SqliteComparison
{
    public const string Command = "sqlite";
    public const string ServeCommand = "sqlite-serve";

    private const int Size = 20_000;

    // Without its own statistics, which a heap has anyway, SQLite asks no longer how large a block is.
    private const string WithoutStatistics = "-no-status";

    private static readonly string[] Sides =
    [
        "own", "own-again", "heap", "heap-and-frames", "own" + WithoutStatistics, "heap" + WithoutStatistics,
        "heap-and-frames" + WithoutStatistics,
    ];

    /// <summary>Runs the sides in turn and prints their medians.</summary>
    /// <param name="rounds">Runs of each side.</param>
    public static int Compare(int rounds)
    {
        List<double>[] times = [.. Sides.Select(static _ => new List<double>())];
        Process[] processes = [.. Sides.Select(Start)];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < Sides.Length; i++)
            {
                int side = (i + round + 1) % Sides.Length;
                processes[side].StandardInput.WriteLine("run");
                string line = processes[side].StandardOutput.ReadLine()
                    ?? throw new InvalidOperationException($"The side {Sides[side]} has ended.");

                // The first round warms up.
                if (round >= 0)
                {
                    times[side].Add(double.Parse(line, CultureInfo.InvariantCulture));
                }
            }
        }

        Array.ForEach(processes, static process => process.StandardInput.Close());
        double own = Median(times[0]);
        for (int side = 0; side < Sides.Length; side++)
        {
            double median = Median(times[side]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Sides[side],-26} median {median,8:F1} ms  least {times[side].Min(),8:F1} ms  {median / own:F3} of own, least {times[side].Min() / times[0].Min():F3}"));
        }

        return 0;
    }

    /// <summary>One side: runs the workload each time it is told to, and answers with the milliseconds that it took of the processor.</summary>
    public static int Serve(string side)
    {
        using FramePool? frames = side.StartsWith("heap-and-frames", StringComparison.Ordinal)
            ? new FramePool(new FramePoolOptions { FrameByteCount = 4096, FrameCount = 4096, Name = "sqlite pages" })
            : null;
        using VmHeap heap = new(new VmHeapOptions { Name = "sqlite" });
        if (side.EndsWith(WithoutStatistics, StringComparison.Ordinal))
        {
            SqliteMemory.SwitchOffStatistics();
        }

        using SqliteMemory? memory = side.StartsWith("own", StringComparison.Ordinal) ? null : SqliteMemory.Use(heap, frames);
        while (Console.ReadLine() is not null)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            _ = SqliteWorkload.Run(":memory:", Size);
            Console.WriteLine((Environment.CpuUsage.TotalTime - start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static Process Start(string side)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no program.");
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(SqliteComparison).Assembly.Location] : [];
        return Process.Start(new ProcessStartInfo(program, [.. host, ServeCommand, side])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The side did not start.");
    }

    private static double Median(List<double> times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

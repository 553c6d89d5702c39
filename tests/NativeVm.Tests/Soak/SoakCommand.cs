using System.Diagnostics;
using System.Globalization;
using NativeVm.Platform;

namespace NativeVm.Tests.Soak;

/// <summary>The mixed load for as long as one likes: <c>NativeVm.Tests --soak [--minutes N] [--seed N] [--output DIRECTORY]</c>.</summary>
internal static class SoakCommand
{
    /// <summary>The argument that makes the test program run the load instead of the tests.</summary>
    public const string Switch = "--soak";

    private const double SecondsPerRound = 4;
    private const long FirstStepsPerLane = 5_000;
    private const double SecondsBetweenLines = 60;

    /// <summary>Runs the load, a line a minute, and writes the curve.</summary>
    /// <returns>0 when nothing was lost and the figures are flat, 1 otherwise, 2 for arguments that it does not know.</returns>
    public static int Run(string[] args)
    {
        double minutes = 60;
        int seed = Environment.TickCount;
        string output = Path.Combine("artifacts", "soak");
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isKnown = args[i] switch
            {
                "--minutes" => double.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes > 0,
                "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out seed),
                "--output" => (output = value).Length > 0,
                _ => false,
            };
            if (!isKnown)
            {
                Console.Error.WriteLine($"Usage: NativeVm.Tests {Switch} [--minutes N] [--seed N] [--output DIRECTORY]");
                return 2;
            }
        }

        List<SoakSample> samples = [];
        Say($"seed {seed}, {minutes} minutes");
        try
        {
            Run(minutes * 60, seed, samples);
        }
        catch (SoakFailureException e)
        {
            Say(e.ToString());
            SoakReport.Write(output, samples, [e.Message]);
            return 1;
        }

        IReadOnlyList<string> risen = SoakVerdict.WhatRose(samples);
        SoakReport.Write(output, samples, risen);
        Say(risen.Count == 0 ? "nothing lost; flat" : $"nothing lost; not flat: {string.Join("; ", risen)}");
        return risen.Count == 0 ? 0 : 1;
    }

    private static void Run(double seconds, int seed, List<SoakSample> samples)
    {
        using SoakLoad load = new(new SoakOptions { Seed = seed % 1_000_000 });
        Stopwatch watch = Stopwatch.StartNew();
        long stepsPerLane = FirstStepsPerLane;
        double nextLine = 0;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            double begun = watch.Elapsed.TotalSeconds;
            load.RunRound(stepsPerLane);
            double now = watch.Elapsed.TotalSeconds;
            stepsPerLane = Math.Clamp((long)(stepsPerLane * SecondsPerRound / (now - begun)), FirstStepsPerLane / 5, 2_000_000);
            VmPlatform.Current.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
            SoakSample sample = new(
                now,
                load.StepCount,
                memory.ResidentByteCount,
                memory.MappingCount,
                load.NativeByteCount,
                load.CommittedByteCount,
                GC.GetGCMemoryInfo().TotalCommittedBytes);
            samples.Add(sample);
            if (now >= nextLine)
            {
                nextLine = now + SecondsBetweenLines;
                Say($"{sample.Seconds,7:F0} s  {sample.StepCount,13:N0} steps  resident {sample.ResidentByteCount >> 10,9:N0} KiB  mappings {sample.MappingCount,6:N0}  native {sample.NativeByteCount >> 10,9:N0} KiB");
            }
        }

        load.End();
    }

    private static void Say(FormattableString line) => Say(FormattableString.Invariant(line));

    private static void Say(string line) => Console.Out.WriteLine(line);
}

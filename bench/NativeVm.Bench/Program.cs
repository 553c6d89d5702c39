using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NativeVm.Bench.Clients;
using NativeVm.Bench.Maps;

// Two processes take turns, which is no benchmark of the usual kind.
switch (args)
{
    case [SqliteComparison.Command]:
        return SqliteComparison.Compare(rounds: 15);
    case [SqliteComparison.Command, string rounds]:
        return SqliteComparison.Compare(int.Parse(rounds, CultureInfo.InvariantCulture));
    case [SqliteComparison.ServeCommand, string side]:
        return SqliteComparison.Serve(side);
    default:
        break;
}

// In this process: the library is what is measured, and a build of its own for each case would take longer than that.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(MapBenchmark).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;

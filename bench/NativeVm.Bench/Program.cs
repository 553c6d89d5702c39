using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NativeVm.Bench.Maps;

// In this process: the library is what is measured, and a build of its own for each case would take longer than that.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(MapBenchmark).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));

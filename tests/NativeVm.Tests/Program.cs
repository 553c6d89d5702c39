using NativeVm.Tests.Runner;
using NativeVm.Tests.Support;

return args is [ChildProcess.Switch, ..] ? ChildScenarios.Run(args[1..]) : AssemblyRunner.Run(args);

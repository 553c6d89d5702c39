using NativeVm.Tests.Runner;
using NativeVm.Tests.Soak;
using NativeVm.Tests.Support;

return args switch
{
    [ChildProcess.Switch, .. string[] rest] => ChildScenarios.Run(rest),
    [SoakCommand.Switch, .. string[] rest] => SoakCommand.Run(rest),
    _ => AssemblyRunner.Run(args),
};

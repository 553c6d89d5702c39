using NativeVm.Tests.Support;

if (args is [ChildProcess.Switch, ..])
{
    return ChildScenarios.Run(args[1..]);
}

return 0;

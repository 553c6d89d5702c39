using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Hosts;

return args is [LaneServer.Switch]
    ? LaneServer.Run()
    : await NativeVmCommand.RunAsync(args, ToolConsole.ForProcess()).ConfigureAwait(false);

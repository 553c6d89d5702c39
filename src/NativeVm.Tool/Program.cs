using NativeVm.Tool.Commands;

return await NativeVmCommand.RunAsync(args, ToolConsole.ForProcess()).ConfigureAwait(false);

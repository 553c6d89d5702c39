using NativeVm.Tests.Runner;

return AssemblyRunner.Run(args);

using NativeVm.Coverage;

// NativeVm.Coverage FOLDER TESTS EARLIER OUTPUT COMMAND [ARGUMENT...]
//
// Counts what a command reaches of the two libraries in a folder, and adds it to what another run has reached.
// FOLDER   a published folder with NativeVm.Tests.dll; its two libraries are changed while the command runs
// TESTS    NativeVm.Tests.dll as it was built, beside which the build says where its sources are
// EARLIER  the other run's report, in coverlet's own format
// OUTPUT   where the sum goes, in Cobertura's format
if (args is not [string folder, string tests, string earlier, string output, string program, .. string[] arguments])
{
    Console.Error.WriteLine("Usage: NativeVm.Coverage FOLDER TESTS EARLIER OUTPUT COMMAND [ARGUMENT...]");
    return 2;
}

CoverageRun run = new(folder, tests, earlier);
int exitCode = run.Count(program, arguments);
File.WriteAllText(output, run.Report());
return exitCode;

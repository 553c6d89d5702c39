using System.Reflection;
using NativeVm.Tests.Support;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NativeVm.Tests.Runner;

/// <summary>
/// Runs this assembly's tests in this process, where <c>dotnet test</c> cannot: published as an executable, under
/// Wine. The last line it prints is <c>N passed, N failed, N skipped</c>.
/// </summary>
internal static class AssemblyRunner
{
    private const string FilterSwitch = "--filter";

    /// <summary>Runs all tests, or those whose name contains a text.</summary>
    /// <param name="args">Nothing, or <c>--filter TEXT</c>.</param>
    /// <returns>0 when something passed and nothing failed, 1 otherwise, 2 for arguments it does not know.</returns>
    public static int Run(string[] args)
    {
        string? filter = args is [FilterSwitch, { } text] ? text : null;
        if (args.Length > 0 && filter is null)
        {
            Console.Error.WriteLine($"Usage: NativeVm.Tests [{FilterSwitch} TEXT]");
            return 2;
        }

        Assembly assembly = typeof(AssemblyRunner).Assembly;
        FrameworkOptions options = new();
        using XunitTestFramework framework = new(new NullSink());
        framework.SourceInformationProvider = new NoSourceInformation();

        using DiscoverySink discovery = new(filter);
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, discovery, options);
        discovery.Wait();

        // An exception that leaves a method called by reflection, as that of a failed test does, spoils its thread
        // under Wine 8: the next one hangs, or the collector ends the process. So the first failure is the last.
        using ExecutionSink execution = new(Console.Out, stopAtFirstFailure: Wine.IsHere);
        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests(discovery.TestCases, execution, options);
        execution.Wait();

        execution.PrintSummary();
        return execution.IsGood ? 0 : 1;
    }
}

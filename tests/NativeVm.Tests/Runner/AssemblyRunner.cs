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
    private const string StopOnFailure = "xunit.execution.StopOnTestFail";

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

        // Wine 8 loses a thread in which two exceptions have left a method that was called by reflection, as failed
        // tests do: the run would hang, or end with "SuspendThread failed". So there it stops at the first.
        options.SetValue(StopOnFailure, (bool?)Wine.IsHere);
        using XunitTestFramework framework = new(new NullSink());
        framework.SourceInformationProvider = new NoSourceInformation();

        using DiscoverySink discovery = new(filter);
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, discovery, options);
        discovery.Wait();

        using ExecutionSink execution = new(Console.Out);
        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests(discovery.TestCases, execution, options);
        execution.Wait();

        Console.Out.WriteLine(execution);
        Console.Out.Flush();
        return execution.IsGood ? 0 : 1;
    }
}

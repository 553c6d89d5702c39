using System.Diagnostics;

namespace NativeVm.Coverage;

/// <summary>One command, counted.</summary>
internal sealed class CoverageRun
{
    // As build/coverage.runsettings has them; the two sums would not fit each other otherwise.
    private static readonly string[] Libraries = ["[NativeVm]*", "[NativeVm.Platform]*"];
    private static readonly string[] GeneratedFiles = ["**/obj/**"];
    private static readonly string[] Unused = ["IncludeDirectories", "ExcludeFilters", "ExcludeAttributes", "DoesNotReturnAttributes"];

    private readonly object _sources;
    private readonly object _coverage;
    private object? _result;

    /// <summary>Prepares to count.</summary>
    /// <param name="folder">The folder with what the command runs.</param>
    /// <param name="tests">The test assembly as built, beside which is the list of the sources' folders.</param>
    /// <param name="earlier">A report to add to.</param>
    public CoverageRun(string folder, string tests, string earlier)
    {
        object logger = CoverletCore.NewLogger();
        object files = CoverletCore.New("Helpers.FileSystem");
        _sources = CoverletCore.New(
            "Helpers.SourceRootTranslator", tests, logger, files, CoverletCore.New("Helpers.AssemblyAdapter"));
        object helper = CoverletCore.New(
            "Helpers.InstrumentationHelper",
            CoverletCore.New("Helpers.ProcessExitHandler"),
            CoverletCore.New("Helpers.RetryHelper"),
            files,
            logger,
            _sources);
        _coverage = CoverletCore.New(
            "Coverage",
            Path.Combine(folder, "NativeVm.Tests.dll"),
            Parameters(earlier),
            logger,
            helper,
            files,
            _sources,
            CoverletCore.New("Symbols.CecilSymbolHelper"));
    }

    /// <summary>Runs a command over libraries that count, and puts the libraries back.</summary>
    /// <returns>The command's exit code.</returns>
    public int Count(string program, string[] arguments)
    {
        _ = CoverletCore.Call(_coverage, "PrepareModules");
        try
        {
            using Process process = Process.Start(program, arguments);
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            _result = CoverletCore.Call(_coverage, "GetCoverageResult");
        }
    }

    /// <summary>What this run and the earlier one have reached.</summary>
    public string Report()
    {
        object factory = CoverletCore.New("Reporters.ReporterFactory", "cobertura");
        object reporter = CoverletCore.Call(factory, "CreateReporter")!;
        return (string)CoverletCore.Call(reporter, "Report", _result, _sources)!;
    }

    private static object Parameters(string earlier)
    {
        object parameters = CoverletCore.New("CoverageParameters");
        CoverletCore.Set(parameters, "IncludeFilters", Libraries);
        CoverletCore.Set(parameters, "ExcludedSourceFiles", GeneratedFiles);
        CoverletCore.Set(parameters, "SkipAutoProps", true);
        CoverletCore.Set(parameters, "SingleHit", true);
        CoverletCore.Set(parameters, "MergeWith", earlier);
        foreach (string none in Unused)
        {
            CoverletCore.Set(parameters, none, Array.Empty<string>());
        }

        return parameters;
    }
}

// dotnet cake --target=Build | Test | Bench | Pack | Install-Tool | Windows-Under-Wine | Soak | Fuzz

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");
var filter = Argument("filter", "*");
var minutes = Argument("minutes", "60");

const string Solution = "./NativeVm.sln";
const string Benchmarks = "./bench/NativeVm.Bench/NativeVm.Bench.csproj";
const string Tests = "./tests/NativeVm.Tests/NativeVm.Tests.csproj";
const string Packages = "./artifacts/packages";
const string Tools = "./artifacts/tools";

void Run(string program, string arguments)
{
    int exitCode = StartProcess(program, arguments);
    if (exitCode != 0)
    {
        throw new CakeException(exitCode, $"{program} {arguments} failed.");
    }
}

Task("Build")
    .Description("Builds everything; a warning is an error.")
    .Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = configuration }));

Task("Test")
    .Description("Runs all tests on this system.")
    .IsDependentOn("Build")
    .Does(() => DotNetTest(Solution, new DotNetTestSettings { Configuration = configuration, NoBuild = true }));

Task("Bench")
    .Description("Runs the benchmarks, or those that --filter=PATTERN names.")
    .Does(() => DotNetRun(
        Benchmarks,
        new ProcessArgumentBuilder().Append("--filter").AppendQuoted(filter),
        new DotNetRunSettings { Configuration = "Release" }));

Task("Pack")
    .Description("Puts the packages into artifacts/packages.")
    .Does(() =>
    {
        CleanDirectory(Packages);
        DotNetPack(Solution, new DotNetPackSettings { Configuration = configuration, OutputDirectory = Packages });
    });

Task("Install-Tool")
    .Description("Installs nativevm from the packages into artifacts/tools, and runs it once as a user would.")
    .IsDependentOn("Pack")
    .Does(() =>
    {
        CleanDirectory(Tools);
        Run("dotnet", $"tool install NativeVm.Tool --tool-path {Tools} --add-source {Packages}");
        Run($"{Tools}/nativevm", "limits --no-measure");
        Run($"{Tools}/nativevm", "profile --quick --seconds 5 --workload block-pair --allocators NativeVm,NativeMemory");
    });

Task("Windows-Under-Wine")
    .Description("Runs the tests of the Windows build under Wine, on a Debian-like system.")
    .Does(() =>
    {
        int exitCode = StartProcess("./build/wine/run.sh");
        if (exitCode != 0)
        {
            throw new CakeException(exitCode, "The tests failed under Wine.");
        }
    });

Task("Soak")
    .Description("A mixed load for an hour, or for --minutes=N; the curve is in artifacts/soak.")
    .Does(() => DotNetRun(
        Tests,
        new ProcessArgumentBuilder().Append("--soak").Append("--minutes").AppendQuoted(minutes).Append("--output").Append("artifacts/soak"),
        new DotNetRunSettings { Configuration = "Release" }));

Task("Fuzz")
    .Description("Feeds a reader what reaches new code, for an hour or --minutes=N: --subject=trace or smaps. Ends with what it found.")
    .Does(() =>
    {
        int exitCode = StartProcess("./build/fuzz/run.sh", new ProcessSettings
        {
            Arguments = new ProcessArgumentBuilder().Append(Argument("subject", "trace")).AppendQuoted(minutes),
        });
        if (exitCode != 0)
        {
            throw new CakeException(exitCode, "The fuzzer found something, or did not run.");
        }
    });

Task("Default").IsDependentOn("Test");

RunTarget(target);

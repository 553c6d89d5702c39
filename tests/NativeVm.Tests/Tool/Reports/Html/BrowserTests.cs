using System.Globalization;
using System.Text.RegularExpressions;
using NativeVm.Tests.Support;
using NativeVm.Tool.Commands;

namespace NativeVm.Tests.Tool.Reports.Html;

/// <summary>The pages, as a browser sees them: their scripts run without an error, and what they draw has data.</summary>
public sealed partial class BrowserTests : IDisposable
{
    private static readonly string GccTrace = Path.Combine(AppContext.BaseDirectory, "traces", "gcc.strace.gz");
    private readonly string _folder = Directory.CreateTempSubdirectory("nativevm").FullName;

    [CapabilityFact(Needs.Browser)]
    public void A_page_with_every_kind_of_section_draws_them_all()
    {
        string path = Path.Combine(_folder, "every kind.html");
        File.WriteAllText(path, HtmlPageTests.Write(HtmlPageTests.Report("</script> & 'it'")));
        AssertDrawn(Browser.Open(path), "table", "space", "lines", "bars", "bars");
    }

    [CapabilityFact(Needs.Browser | Needs.ChildProcesses)]
    public async Task The_page_of_a_replay_draws_its_data()
    {
        string path = Path.Combine(_folder, "replay.html");
        await RunAsync("replay", GccTrace, "--rounds", "1", "--html", path);
        AssertDrawn(Browser.Open(path), "space", "lines", "lines", "lines", "bars", "table");
    }

    [CapabilityFact(Needs.Browser | Needs.Smaps)]
    public async Task The_page_of_a_process_draws_its_data()
    {
        string path = Path.Combine(_folder, "map.html");
        await RunAsync("map", "self", "--html", path);
        AssertDrawn(Browser.Open(path), "space", "bars", "table");
    }

    [CapabilityFact(Needs.Browser)]
    public async Task The_page_of_a_profile_draws_its_data()
    {
        string path = Path.Combine(_folder, "profile.html");
        await RunAsync("profile", "--workload", "map-lookup", "--live", "100", "--seconds", "10", "--html", path);
        AssertDrawn(Browser.Open(path), "bars", "table");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task RunAsync(params string[] arguments)
    {
        using TestConsole console = new(width: 80);
        int exitCode = await NativeVmCommand.RunAsync(arguments, console.Tool, TextWriter.Null);
        Assert.Equal((0, string.Empty), (exitCode, console.Error));
    }

    private static void AssertDrawn(string document, params string[] kinds)
    {
        string body = Body().Match(document).Value;
        Assert.Contains("data-ready=\"true\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("data-errors", body, StringComparison.Ordinal);
        string[] drawn = [.. Kind().Matches(document).Select(match => match.Groups[1].Value).Where(kind => kind != "facts")];
        Assert.Equal(kinds, drawn);
        int[] points = [.. Points().Matches(document).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(kinds.Length, points.Length);
        Assert.All(points, count => Assert.InRange(count, 1, int.MaxValue));
        Assert.Equal(kinds.Count(kind => kind is "lines" or "bars"), Regex.Count(document, "class=\"uplot "));
    }

    [GeneratedRegex("<body[^>]*>")]
    private static partial Regex Body();

    [GeneratedRegex("data-kind=\"([a-z]+)\"")]
    private static partial Regex Kind();

    [GeneratedRegex("data-points=\"([0-9]+)\"")]
    private static partial Regex Points();
}

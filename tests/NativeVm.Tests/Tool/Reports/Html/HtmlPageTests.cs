using System.Text;
using System.Text.Json;
using NativeVm.Platform;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Html.Model;

namespace NativeVm.Tests.Tool.Reports.Html;

public class HtmlPageTests
{
    private const string Hostile = "</script><script>alert('&\"\u2028')</script><!--";

    [Fact]
    public void Nothing_in_the_data_ends_the_element_that_holds_it()
    {
        string page = Write(Report(Hostile));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(Data(page));
        Assert.Equal(Hostile, document.RootElement.GetProperty("title").GetString());
        Assert.Equal(Hostile, document.RootElement.GetProperty("groups")[0].GetProperty("sections")[0].GetProperty("rows")[0][0].GetString());
    }

    [Fact]
    public void The_page_asks_for_nothing_from_anywhere()
    {
        string page = Write(Report("it"));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        foreach (string reference in (string[])[" src=", " href=", "@import", "url(", "import(", "fetch(", "XMLHttpRequest"])
        {
            Assert.DoesNotContain(reference, page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("{{", page.Replace("}}", string.Empty, StringComparison.Ordinal)[..500], StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_are_texts_numbers_or_nothing()
    {
        using JsonDocument document = JsonDocument.Parse(Data(Write(Report("it"))));
        JsonElement row = document.RootElement.GetProperty("groups")[0].GetProperty("sections")[0].GetProperty("rows")[0];
        Assert.Equal(
            [JsonValueKind.String, JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null],
            row.EnumerateArray().Select(cell => cell.ValueKind));
    }

    /// <summary>A report with a section of every kind.</summary>
    internal static HtmlReport Report(string title)
    {
        SpaceRecorder recorder = new();
        PictureRun run = new(0x7f00_0000_0000, 0x7f00_0001_0000, CellKind.ReadWrite);
        recorder.Add([(run, 0)]);
        recorder.Add([(run, 0), (new PictureRun(0x7fff_0000_0000, 0x7fff_0000_1000, CellKind.Reserved), 0)]);
        HtmlSeries series = new(title, [1, 1000]);
        return new HtmlReport(title, title, title,
        [
            new HtmlGroup(title, title,
            [
                new TableSection(
                    [new("a", HtmlUnit.Text), new("b", HtmlUnit.Bytes), new("c", HtmlUnit.Count), new("d", HtmlUnit.Ratio)],
                    [[title, (double?)4096, (double?)null, (double?)double.NaN]]) { Title = title },
                new SpaceSection("time", [0, 1], [new SpaceLane(title, recorder.Rectangles())]) { Title = title },
                new LinesSection(HtmlUnit.Bytes, "bytes", "time", [0, 1], [series]) { Title = title },
                new BarsSection(HtmlUnit.Nanoseconds, "time", "case", ["x", "y"], [series]) { Title = title },
                new BarsSection(HtmlUnit.Nanoseconds, "time", "case", ["x", "y"], [series]) { Title = title, IsLogarithmic = true },
                MachineFacts.Of(MachineInfo.Describe(VmPlatform.Current)),
            ]),
        ]);
    }

    internal static string Write(HtmlReport report)
    {
        using MemoryStream stream = new();
        HtmlPage.Write(stream, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Data(string page)
    {
        const string Start = "<script type=\"application/json\" id=\"data\">";
        int start = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)];
    }
}

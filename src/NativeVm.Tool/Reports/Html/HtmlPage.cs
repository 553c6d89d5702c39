using System.Net;
using System.Text;
using System.Text.Json;
using NativeVm.Tool.Reports.Html.Model;

namespace NativeVm.Tool.Reports.Html;

/// <summary>Writes a report as one page that needs nothing else: styles, scripts and data are in it.</summary>
/// <remarks>
/// The data stand in a script element as JSON. The serializer writes every less-than sign and ampersand as an escape,
/// so nothing in a file name or a trace can end that element; the page's policy allows no request to anywhere.
/// </remarks>
internal static class HtmlPage
{
    private static readonly string[] Styles = ["uplot.uPlot.min.css", "report.css"];

    // In this order: the later ones use what the earlier ones define.
    private static readonly string[] Scripts =
    [
        "format.js", "charts.js", "table.js", "spacemodel.js", "lane.js", "space.js", "report.js",
    ];

    /// <summary>Writes a page.</summary>
    /// <param name="stream">Where to, as UTF-8.</param>
    /// <param name="report">What the page shows.</param>
    public static void Write(Stream stream, HtmlReport report)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        foreach (string part in HtmlAssets.Read("report.html").Split("{{"))
        {
            int end = part.IndexOf("}}", StringComparison.Ordinal);
            switch (end < 0 ? string.Empty : part[..end])
            {
                case "title":
                    writer.Write(WebUtility.HtmlEncode(report.Title));
                    break;
                case "style":
                    WriteAll(writer, Styles);
                    break;
                case "script":
                    writer.WriteLine(HtmlAssets.Read("uplot.uPlot.iife.min.js"));
                    writer.WriteLine("(() => {\n\"use strict\";");
                    WriteAll(writer, Scripts);
                    writer.Write("})();");
                    break;
                case "data":
                    writer.Flush();
                    JsonSerializer.Serialize(stream, report, HtmlJsonContext.Default.HtmlReport);
                    break;
            }

            writer.Write(part.AsSpan(end < 0 ? 0 : end + 2));
        }
    }

    private static void WriteAll(StreamWriter writer, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            writer.WriteLine(HtmlAssets.Read(name));
        }
    }
}

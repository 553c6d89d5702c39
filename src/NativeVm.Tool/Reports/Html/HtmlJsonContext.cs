using System.Text.Json.Serialization;
using NativeVm.Tool.Reports.Html.Model;

namespace NativeVm.Tool.Reports.Html;

/// <summary>Writes a page's data without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HtmlReport))]
internal sealed partial class HtmlJsonContext : JsonSerializerContext;

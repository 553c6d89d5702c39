using System.Text.Json.Serialization;
using NativeVm.Tool.Reports.Replays;

namespace NativeVm.Tool.Reports;

/// <summary>Writes the tool's documents without reflection, so that trimmed and native builds write the same.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayDocument))]
[JsonSerializable(typeof(ProfileDocument))]
internal sealed partial class ToolJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;
using NativeVm.Tool.Limits;
using NativeVm.Tool.Profiling.Hosts;
using NativeVm.Tool.Reports.Replays;

namespace NativeVm.Tool.Reports;

/// <summary>Writes the tool's documents without reflection, so that trimmed and native builds write the same.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayDocument))]
[JsonSerializable(typeof(ProfileDocument))]
[JsonSerializable(typeof(LaneRequest))]
[JsonSerializable(typeof(LimitsDocument))]
internal sealed partial class ToolJsonContext : JsonSerializerContext;

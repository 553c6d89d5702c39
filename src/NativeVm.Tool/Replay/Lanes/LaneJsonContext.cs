using System.Text.Json.Serialization;

namespace NativeVm.Tool.Replay.Lanes;

/// <summary>How the process of a lane tells what its replay came to.</summary>
[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true, Converters = [typeof(NativeIntegerConverter)])]
[JsonSerializable(typeof(ReplayRun))]
internal sealed partial class LaneJsonContext : JsonSerializerContext;

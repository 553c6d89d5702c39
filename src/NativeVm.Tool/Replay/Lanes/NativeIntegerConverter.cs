using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeVm.Tool.Replay.Lanes;

/// <summary>Byte counts between processes of one machine.</summary>
internal sealed class NativeIntegerConverter : JsonConverter<nuint>
{
    /// <inheritdoc/>
    public override nuint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        checked((nuint)reader.GetUInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, nuint value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);
}

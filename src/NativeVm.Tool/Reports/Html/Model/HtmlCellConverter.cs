using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Writes a cell as what it holds.</summary>
internal sealed class HtmlCellConverter : JsonConverter<HtmlCell>
{
    /// <inheritdoc/>
    public override HtmlCell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()!
        : reader.TokenType == JsonTokenType.Number ? reader.GetDouble()
        : default(HtmlCell);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, HtmlCell value, JsonSerializerOptions options)
    {
        if (value.Text is not null)
        {
            writer.WriteStringValue(value.Text);
        }
        else if (value.Number is { } number && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

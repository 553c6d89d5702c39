using System.Text.Json.Serialization;

namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>How the page writes a value.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HtmlUnit>))]
internal enum HtmlUnit
{
    /// <summary>As it is.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>A number.</summary>
    [JsonStringEnumMemberName("count")]
    Count,

    /// <summary>Bytes, in KiB, MiB, ….</summary>
    [JsonStringEnumMemberName("bytes")]
    Bytes,

    /// <summary>Nanoseconds, in µs, ms, ….</summary>
    [JsonStringEnumMemberName("nanoseconds")]
    Nanoseconds,

    /// <summary>A share from 0 to 1, in percent.</summary>
    [JsonStringEnumMemberName("share")]
    Share,

    /// <summary>How many times one figure is another.</summary>
    [JsonStringEnumMemberName("ratio")]
    Ratio,

    /// <summary>An address, in hexadecimal.</summary>
    [JsonStringEnumMemberName("address")]
    Address,
}

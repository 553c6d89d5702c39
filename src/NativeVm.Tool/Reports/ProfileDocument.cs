using System.Text.Json;
using NativeVm.Tool.Profiling;

namespace NativeVm.Tool.Reports;

/// <summary>What <c>nativevm profile --json</c> writes.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Results">A row for each allocator of each case.</param>
internal sealed record ProfileDocument(MachineInfo Machine, IReadOnlyList<ProfileRow> Results)
{
    /// <summary>Writes the document.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="results">The results of each case.</param>
    public static void Write(
        Stream stream,
        MachineInfo machine,
        IReadOnlyList<(ProfileCase Case, IReadOnlyList<ProfileResult> Results)> results)
    {
        ProfileDocument document = new(
            machine,
            [.. results.SelectMany(one => one.Results.Select(result => ProfileRow.Of(one.Case, result)))]);
        JsonSerializer.Serialize(stream, document, ToolJsonContext.Default.ProfileDocument);
    }
}

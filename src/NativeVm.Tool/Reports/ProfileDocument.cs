using System.Text.Json;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling;

namespace NativeVm.Tool.Reports;

/// <summary>What <c>nativevm profile --json</c> writes.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Results">A row for each allocator of each case.</param>
internal sealed record ProfileDocument(MachineInfo Machine, IReadOnlyList<ProfileRow> Results)
{
    /// <summary>The document of some outcomes.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="outcomes">The outcome of each case.</param>
    public static ProfileDocument Of(MachineInfo machine, IReadOnlyList<ProfileOutcome> outcomes) =>
        new(machine, [.. outcomes.SelectMany(one => one.Results.Select(result => ProfileRow.Of(one.Case, result)))]);

    /// <summary>Reads a document that was written before.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolException">It cannot be read, or is no such document.</exception>
    public static ProfileDocument Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            ProfileDocument? document = JsonSerializer.Deserialize(stream, ToolJsonContext.Default.ProfileDocument);
            return document is { Machine: not null, Results.Count: > 0 } && document.Results.All(IsWhole)
                ? document
                : throw NoProfile(path, null);
        }
        catch (JsonException e)
        {
            throw NoProfile(path, e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ToolException.BadInput($"{path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.BadInput(
                Directory.Exists(path) ? $"{path} is a directory; name a file that --json wrote." : $"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the document.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, ToolJsonContext.Default.ProfileDocument);

    private static bool IsWhole(ProfileRow? row) =>
        row is { Workload: not null, Allocator: not null, Parameters: not null } && double.IsFinite(row.Median) && row.Median > 0;

    private static ToolException NoProfile(string path, JsonException? cause) => ToolException.BadInput(
        $"{path} is no profile that --json wrote{(cause is null ? string.Empty : $" (line {cause.LineNumber + 1})")}.", cause);
}

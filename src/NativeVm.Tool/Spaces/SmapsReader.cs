using System.Globalization;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Spaces;

/// <summary>Reads <c>/proc/PID/smaps</c> or <c>/proc/PID/maps</c>: <c>proc_pid_smaps(5)</c>.</summary>
/// <remarks>
/// A line that begins a mapping has a range in front; every other line is a label and a number of KiB that belongs to
/// the mapping before it. Labels that are not known are passed over: each version of Linux has more of them.
/// </remarks>
internal static class SmapsReader
{
    private const ulong UnitByteCount = 1024;

    // START-END PERMISSIONS OFFSET DEVICE INODE, and then a name that may have spaces in it.
    private const int FieldsBeforeName = 5;

    /// <summary>Reads all mappings.</summary>
    /// <param name="text">The file.</param>
    public static List<SpaceRegion> Read(TextReader text)
    {
        List<SpaceRegion> regions = [];
        while (text.ReadLine() is { } line)
        {
            if (TryParseMapping(line, out SpaceRegion? region))
            {
                regions.Add(region);
            }
            else if (regions.Count != 0)
            {
                regions[^1] = AddFigure(regions[^1], line);
            }
        }

        return regions;
    }

    private static bool TryParseMapping(
        string line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SpaceRegion? region)
    {
        region = null;
        ReadOnlySpan<char> rest = line;
        ReadOnlySpan<char> range = NextField(ref rest);
        int dash = range.IndexOf('-');
        if (dash <= 0
            || !ulong.TryParse(range[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
            || !ulong.TryParse(range[(dash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong end)
            || end <= start)
        {
            return false;
        }

        ReadOnlySpan<char> access = NextField(ref rest);
        if (access.Length != 4)
        {
            return false;
        }

        for (int i = 2; i < FieldsBeforeName; i++)
        {
            NextField(ref rest);
        }

        TraceProtection protection = (access[0] == 'r' ? TraceProtection.Read : 0)
            | (access[1] == 'w' ? TraceProtection.Write : 0)
            | (access[2] == 'x' ? TraceProtection.Execute : 0);
        region = new SpaceRegion(start, end, protection)
        {
            IsShared = access[3] == 's',
            Name = rest.Trim().ToString(),
        };
        return true;
    }

    private static SpaceRegion AddFigure(SpaceRegion region, string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return region;
        }

        ReadOnlySpan<char> rest = line.AsSpan(colon + 1).TrimStart();
        if (!ulong.TryParse(NextField(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out ulong count)
            || count == 0
            || count > ulong.MaxValue / UnitByteCount)
        {
            return region;
        }

        ulong bytes = count * UnitByteCount;
        return line.AsSpan(0, colon) switch
        {
            "Rss" => region with { Resident = region.Resident + bytes },
            "Private_Dirty" => region with { PrivateDirty = bytes },
            "AnonHugePages" or "ShmemPmdMapped" or "FilePmdMapped" => region with { Huge = region.Huge + bytes },
            "Private_Hugetlb" or "Shared_Hugetlb" =>
                region with { Huge = region.Huge + bytes, Resident = region.Resident + bytes },
            "Swap" => region with { Swapped = bytes },
            "Locked" => region with { Locked = bytes },
            _ => region,
        };
    }

    private static ReadOnlySpan<char> NextField(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        int space = rest.IndexOf(' ');
        ReadOnlySpan<char> field = space < 0 ? rest : rest[..space];
        rest = rest[field.Length..];
        return field;
    }
}

using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>What a map and the simulated system under it hold, as text to be compared.</summary>
internal static class MapPicture
{
    public static string Of(VmMap map, SimulatedPlatform? system)
    {
        List<string> lines = [$"reserved to 0x{map.ReservedEnd:x}"];
        using (map.EnterReadLock())
        {
            foreach (VmEntry entry in map.GetEntries())
            {
                VmEntryAttributes rest = entry.Attributes;
                lines.Add($"{entry} {rest.MaxProtection} {rest.Inheritance} {rest.HugePages} {rest.PreferredNode} {rest.ObjectId} {rest.WiredCount}");
            }
        }

        if (system is not null)
        {
            // Pages that were locked for a moment may stay resident; nothing is promised of that.
            lines.AddRange(system.Snapshot().Select(
                static range => range.ToString().Replace(" resident", "", StringComparison.Ordinal)));
        }

        return string.Join('\n', lines);
    }
}

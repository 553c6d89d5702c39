using NativeVm.Tool.Drawing;
using NativeVm.Tool.Spaces;

namespace NativeVm.Tool.Reports.Spaces;

/// <summary>What people call a region.</summary>
internal static class SpaceName
{
    /// <summary>The whole name: the path of a file, or what anonymous memory is.</summary>
    /// <param name="region">The region.</param>
    public static string Full(SpaceRegion region) => region.Name.Length != 0 ? region.Name
        : region.Kind == CellKind.Reserved ? "(reserved)"
        : "(anonymous)";

    /// <summary>The name without the folders of a file.</summary>
    /// <param name="region">The region.</param>
    public static string Short(SpaceRegion region)
    {
        string name = Full(region);
        int slash = name.LastIndexOfAny(['/', '\\']);
        return slash >= 0 && slash < name.Length - 1 && !name.StartsWith('[') ? name[(slash + 1)..] : name;
    }
}

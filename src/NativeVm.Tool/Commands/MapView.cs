using NativeVm.Tool.Reports;
using NativeVm.Tool.Reports.Spaces;
using NativeVm.Tool.Spaces;
using Spectre.Console;

namespace NativeVm.Tool.Commands;

/// <summary>
/// Shows an address space: once, or again and again on a cleared terminal; where there is no terminal to clear, what
/// is watched is a line each time, which a log can take.
/// </summary>
internal sealed class MapView(ToolConsole console, bool hasEntries)
{
    /// <summary>Shows what was seen.</summary>
    /// <param name="space">What was seen.</param>
    /// <param name="time">Since the first look.</param>
    /// <param name="isWatching">Whether there will be another look.</param>
    public void Show(AddressSpace space, TimeSpan time, bool isWatching)
    {
        if (isWatching && !console.ShowsProgress)
        {
            console.Out.WriteLine(
                $"{time:hh\\:mm\\:ss\\.f}  {Quantity.Count(space.Regions.Count)} mappings, {Quantity.Bytes(space.Accessible)} "
                + $"accessible, {Quantity.Bytes(space.Resident)} resident, {Quantity.Bytes(space.PrivateDirty)} written");
            return;
        }

        if (isWatching)
        {
            console.Out.Clear();
        }

        SpaceReport.Write(console.Out, space, hasEntries);
    }

    /// <summary>Says that the process has ended.</summary>
    /// <param name="title">The process.</param>
    public void ShowEnd(string title) => console.Out.WriteLine($"{title} has ended.");
}

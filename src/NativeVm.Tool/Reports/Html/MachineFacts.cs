using System.Globalization;
using NativeVm.Tool.Reports.Html.Model;

namespace NativeVm.Tool.Reports.Html;

/// <summary>The description of a machine, for a page.</summary>
internal static class MachineFacts
{
    /// <summary>The section.</summary>
    /// <param name="machine">The machine.</param>
    public static FactsSection Of(MachineInfo machine) => new(
    [
        new("Processor", $"{machine.Processor}, {Quantity.Count(machine.ProcessorCount, "processor")} in use, {machine.Architecture}"),
        new("Memory", Quantity.Bytes((ulong)machine.MemoryByteCount)),
        new("Pages", machine.HugePageSize == 0
            ? Quantity.Bytes(machine.PageSize)
            : $"{Quantity.Bytes(machine.PageSize)}, huge ones {Quantity.Bytes(machine.HugePageSize)}"),
        new("System", machine.Os),
        new("Runtime", $"{machine.Framework}, platform {machine.Platform}"),
        new("Time", Time(machine)),
    ])
    {
        Title = "Machine",
    };

    /// <summary>When the figures were taken, for people.</summary>
    /// <param name="machine">The machine.</param>
    public static string Time(MachineInfo machine) =>
        machine.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

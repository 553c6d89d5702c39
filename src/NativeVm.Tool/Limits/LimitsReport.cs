using NativeVm.Tool.Reports;
using Spectre.Console;

namespace NativeVm.Tool.Limits;

/// <summary>Prints what a machine allows and what its calls cost.</summary>
internal static class LimitsReport
{
    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Prints it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="document">What was found out.</param>
    public static void Write(IAnsiConsole console, LimitsDocument document)
    {
        console.Write(new Text($"{document.Machine}\n\n", Faint));
        int nameWidth = document.Limits.Max(row => row.Name.Length);
        foreach (IGrouping<string, LimitRow> section in document.Limits.GroupBy(row => row.Section))
        {
            console.Write(new Text($"{section.Key}\n", Strong));
            foreach (LimitRow row in section)
            {
                string line = $"  {row.Name.PadRight(nameWidth)}  {row.Value}";
                bool hasRoom = row.Source.Length != 0 && line.Length + 4 + row.Source.Length <= console.Profile.Width;
                string source = hasRoom ? $"  ({row.Source})" : string.Empty;
                console.Write(new Text(line));
                console.Write(new Text(source + "\n", Faint));
            }
        }

        console.WriteLine();
        if (document.Costs.Count != 0)
        {
            WriteCosts(console, document.Costs);
        }

        if (document.Advice.Count == 0)
        {
            console.WriteLine("No setting is known to harm.");
        }

        foreach (string advice in document.Advice)
        {
            console.WriteLine($"! {advice}");
        }
    }

    private static void WriteCosts(IAnsiConsole console, IReadOnlyList<CallCost> costs)
    {
        bool hasBusy = costs.Any(cost => cost.BusyNanoseconds is not null);
        (string, int)[] columns = hasBusy ? [("median", 0), ("beside a busy thread", 1)] : [("median", 0)];
        ColumnTable table = new("what calls cost, 64 KiB unless said", columns);
        foreach (CallCost cost in costs)
        {
            string[] cells = [Quantity.Time(cost.Nanoseconds), cost.BusyNanoseconds is { } busy ? Quantity.Time(busy) : "–"];
            table.AddRow(cost.Name, cells[..columns.Length]);
        }

        table.Write(console);
    }
}

using System.Globalization;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>A mapping as <c>/proc/self/smaps</c> shows it, read with nothing of ours.</summary>
internal sealed record SmapsEntry(nuint Address, nuint ByteCount, string Name, nuint ResidentByteCount, string[] Flags)
{
    public bool Has(string flag) => Flags.Contains(flag);

    public static SmapsEntry At(nuint address) =>
        ReadAll().Single(entry => entry.Address <= address && address < entry.Address + entry.ByteCount);

    public static SmapsEntry? Named(string name) => ReadAll().FirstOrDefault(entry => entry.Name == name);

    public static IEnumerable<SmapsEntry> ReadAll()
    {
        nuint start = 0, end = 0, resident = 0;
        string name = "";
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[0] == "Rss:")
            {
                resident = nuint.Parse(fields[1], CultureInfo.InvariantCulture) * 1024;
            }
            else if (fields[0] == "VmFlags:")
            {
                yield return new(start, end - start, name, resident, fields[1..]);
            }
            else if (!fields[0].EndsWith(':'))
            {
                string[] bounds = fields[0].Split('-');
                start = (nuint)ulong.Parse(bounds[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                end = (nuint)ulong.Parse(bounds[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                name = fields.Length > 5 ? fields[5] : "";
            }
        }
    }
}

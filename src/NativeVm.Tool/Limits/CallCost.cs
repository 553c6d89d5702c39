namespace NativeVm.Tool.Limits;

/// <summary>What a call costs here.</summary>
/// <param name="Name">The call, and on what.</param>
/// <param name="Nanoseconds">The median, in nanoseconds.</param>
/// <param name="BusyNanoseconds">The same while another thread of the process runs; null where there is one processor.</param>
internal sealed record CallCost(string Name, double Nanoseconds, double? BusyNanoseconds);

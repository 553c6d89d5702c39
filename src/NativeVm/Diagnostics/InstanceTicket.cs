namespace NativeVm.Diagnostics;

/// <summary>A place in <see cref="LiveInstances"/>. The default value is none.</summary>
/// <param name="Index">Which slot.</param>
/// <param name="Id">Which life of the slot; no two registrations of a process have the same. 0 is none.</param>
internal readonly record struct InstanceTicket(int Index, long Id);

namespace NativeVm.Diagnostics;

/// <summary>The figures that cost more than reading a field, because the system has to be asked.</summary>
[Flags]
internal enum UsageFigures
{
    /// <summary>Only what is known anyway.</summary>
    Known = 0,

    /// <summary><see cref="VmUsage.ResidentByteCount"/>: the system looks at every committed page.</summary>
    Resident = 1,

    /// <summary><see cref="VmUsage.MappingCount"/>: on Linux, a text file is read.</summary>
    Mappings = 2,

    /// <summary>All.</summary>
    All = Resident | Mappings,
}

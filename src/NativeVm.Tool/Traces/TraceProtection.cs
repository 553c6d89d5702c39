namespace NativeVm.Tool.Traces;

/// <summary>The protection that a trace names. Unlike ours it may be writable and executable at once.</summary>
[Flags]
internal enum TraceProtection : byte
{
    /// <summary>Every access faults.</summary>
    None = 0,

    /// <summary>Readable.</summary>
    Read = 1,

    /// <summary>Writable.</summary>
    Write = 2,

    /// <summary>Executable.</summary>
    Execute = 4,
}

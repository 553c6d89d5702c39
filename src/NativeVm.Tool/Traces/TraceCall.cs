namespace NativeVm.Tool.Traces;

/// <summary>One successful memory call of a traced process, in the addresses of that process.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="ProcessId">Who called; 0 when the trace names nobody. For a child's end, the child.</param>
/// <param name="Address">The start of the range; for a remap, of the old range; for a break, the argument.</param>
/// <param name="ByteCount">The length that was asked for, in bytes; for a remap, the old length.</param>
internal readonly record struct TraceCall(TraceCallKind Kind, int ProcessId, ulong Address = 0, ulong ByteCount = 0)
{
    /// <summary>The protection of a map or protect.</summary>
    public TraceProtection Protection { get; init; }

    /// <summary>Where a remap put the range; what a break answered.</summary>
    public ulong NewAddress { get; init; }

    /// <summary>The new length of a remap, in bytes.</summary>
    public ulong NewByteCount { get; init; }
}

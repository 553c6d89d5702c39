namespace NativeVm.Tool.Replay.Script;

/// <summary>Whose a range of a traced process is, as far as the trace tells.</summary>
internal enum RangeOwner : byte
{
    /// <summary>Nobody's that the trace shows.</summary>
    Unknown,

    /// <summary>A file's, wholly.</summary>
    File,

    /// <summary>At least in part that of memory that is replayed.</summary>
    Replayed,
}

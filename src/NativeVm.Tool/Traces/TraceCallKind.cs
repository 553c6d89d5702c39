namespace NativeVm.Tool.Traces;

/// <summary>What a line of a trace tells of a process's memory.</summary>
internal enum TraceCallKind : byte
{
    /// <summary>Anonymous memory was mapped.</summary>
    MapAnonymous,

    /// <summary>A file was mapped; it matters for what it replaced.</summary>
    MapFile,

    /// <summary>A range was unmapped.</summary>
    Unmap,

    /// <summary>The protection of a range was changed.</summary>
    Protect,

    /// <summary>A mapping was resized, and perhaps moved.</summary>
    Remap,

    /// <summary>The program break was asked for or moved.</summary>
    Break,

    /// <summary>The pages of a range were given back, and the range kept.</summary>
    Discard,

    /// <summary>A process or a thread ended.</summary>
    Exit,

    /// <summary>The system told a parent that its child process ended: the proof that the child was no thread.</summary>
    ChildEnded,
}

namespace NativeVm.Tool.Traces;

/// <summary>Why a line of a trace is not replayed.</summary>
internal enum SkipReason : byte
{
    /// <summary>It maps a file, or concerns a range that is a file's.</summary>
    File,

    /// <summary>It moves or asks for the program break.</summary>
    Break,

    /// <summary>It concerns a range whose mapping the trace does not show.</summary>
    UnknownAddress,

    /// <summary>It is advice that neither gives pages back nor takes any.</summary>
    Advice,

    /// <summary>The call failed, or its process ended in it.</summary>
    Failed,

    /// <summary>The call began and its end is not in the trace.</summary>
    Unfinished,

    /// <summary>The end of a call whose beginning is not in the trace.</summary>
    Resumed,

    /// <summary>It is another system call.</summary>
    OtherCall,

    /// <summary>It tells of a signal, of an exit, or of the tracer itself.</summary>
    Note,

    /// <summary>Its range is empty, not page-aligned, wraps, or is larger than any address space.</summary>
    ImpossibleRange,

    /// <summary>It has none of the forms that strace writes.</summary>
    Unparsable,
}

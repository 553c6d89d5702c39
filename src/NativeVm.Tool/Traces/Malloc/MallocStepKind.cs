namespace NativeVm.Tool.Traces.Malloc;

/// <summary>What a step of a malloc trace does.</summary>
internal enum MallocStepKind : byte
{
    /// <summary><c>malloc</c> or <c>calloc</c>: which of the two, the trace does not tell.</summary>
    Allocate,

    /// <summary>An allocation with an alignment.</summary>
    AllocateAligned,

    /// <summary><c>realloc</c> of a block that is live.</summary>
    Resize,

    /// <summary><c>free</c> of a block that is live.</summary>
    Free,
}

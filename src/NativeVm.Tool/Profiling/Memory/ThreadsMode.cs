namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Whose blocks a thread frees.</summary>
internal enum ThreadsMode : byte
{
    /// <summary>Its own: it replaces random ones among those that it keeps.</summary>
    OwnBlocks,

    /// <summary>Those that the thread before it allocated, in a ring of threads; a thread alone passes to itself.</summary>
    PassedBlocks,
}

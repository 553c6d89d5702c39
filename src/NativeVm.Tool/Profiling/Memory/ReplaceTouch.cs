namespace NativeVm.Tool.Profiling.Memory;

/// <summary>What is written to a block that has just been allocated.</summary>
internal enum ReplaceTouch : byte
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Its first byte.</summary>
    FirstByte,

    /// <summary>A byte of each page.</summary>
    EveryPage,
}

namespace NativeVm.Tool.Replay.Script;

/// <summary>What a step of a replay does.</summary>
internal enum ReplayStepKind : byte
{
    /// <summary>Maps a new block, wherever the target likes.</summary>
    Map,

    /// <summary>Puts fresh pages in the place of a part of a block, at its address.</summary>
    Replace,

    /// <summary>Unmaps a part of a block, or all that is left of it.</summary>
    Unmap,

    /// <summary>Changes the protection of a part of a block.</summary>
    Protect,

    /// <summary>Gives the pages of a part of a block back and keeps it mapped.</summary>
    Discard,

    /// <summary>Writes one byte to each page of a part of a block. No call.</summary>
    Touch,
}

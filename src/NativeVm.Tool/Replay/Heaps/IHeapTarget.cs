namespace NativeVm.Tool.Replay.Heaps;

/// <summary>A heap that a malloc trace is replayed into. A method that answers false has changed nothing.</summary>
internal interface IHeapTarget : IDisposable
{
    /// <summary>Hands out a block.</summary>
    /// <param name="byteCount">Its length, not 0.</param>
    /// <param name="alignment">A power of two; 0 for the heap's own.</param>
    /// <param name="address">The block.</param>
    bool TryAllocate(nuint byteCount, nuint alignment, out nuint address);

    /// <summary>Makes a block longer or shorter; its contents move with it.</summary>
    /// <param name="address">The block, which has the heap's own alignment.</param>
    /// <param name="oldByteCount">Its length.</param>
    /// <param name="byteCount">Its new length, not 0.</param>
    /// <param name="moved">Where it is now.</param>
    bool TryResize(nuint address, nuint oldByteCount, nuint byteCount, out nuint moved);

    /// <summary>Takes a block back.</summary>
    /// <param name="address">The block.</param>
    /// <param name="byteCount">Its length.</param>
    /// <param name="isAligned">Whether an alignment was asked for.</param>
    void Free(nuint address, nuint byteCount, bool isAligned);
}

namespace NativeVm;

/// <summary>What a user of a <see cref="VmHeap"/> has done wrong.</summary>
public enum VmHeapFault
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>The block has been freed already.</summary>
    DoubleFree,

    /// <summary>
    /// The address is in no block of this heap: it came from elsewhere, or from a block whose pages have meanwhile
    /// been given back.
    /// </summary>
    ForeignPointer,

    /// <summary>The address is inside a block, or in the unused rest behind the last one of a slab.</summary>
    InteriorPointer,

    /// <summary>Something was written beyond the end of the block.</summary>
    Overrun,

    /// <summary>Something was written to the block after it had been freed.</summary>
    UseAfterFree,
}

namespace NativeVm;

/// <summary>
/// What a <see cref="VmHeap"/> does to find errors of its users, beyond what it always finds (double frees, foreign
/// pointers, pointers into a block). Any of them makes the heap slower: it then works under one lock.
/// </summary>
[Flags]
public enum VmHeapHardening
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>
    /// Every block above 32 KiB lies between two inaccessible pages, its end as near to the upper one as its
    /// alignment allows: an access beyond it faults.
    /// </summary>
    GuardPages = 1,

    /// <summary>Which free block of a slab is handed out is chosen at random, and so is the slab.</summary>
    RandomPlacement = 2,

    /// <summary>
    /// A freed block is held back from reuse until <see cref="VmHeapOptions.QuarantineByteCount"/> bytes have been
    /// freed after it. With <see cref="GuardPages"/> a large block is inaccessible meanwhile.
    /// </summary>
    Quarantine = 4,

    /// <summary>
    /// A block is filled with <see cref="VmHeap.FreedPattern"/> when it is freed, and when it leaves the quarantine or
    /// is handed out again it must still be: a write after the free is reported then. A new block is filled with
    /// <see cref="VmHeap.NewPattern"/> unless zeros were asked for.
    /// </summary>
    Poison = 8,

    /// <summary>
    /// The bytes behind a block, eight at least, hold a pattern that depends on a secret and on the address; it is
    /// verified when the block is freed or resized: a write beyond the end is reported then.
    /// </summary>
    Canaries = 16,

    /// <summary>All of it.</summary>
    All = GuardPages | RandomPlacement | Quarantine | Poison | Canaries,
}

namespace NativeVm.Heaps;

/// <summary>What a unit, 64 KiB of address space, is part of.</summary>
internal enum UnitKind : byte
{
    /// <summary>Nothing of the heap's.</summary>
    None,

    /// <summary>A slab of blocks of one size.</summary>
    Slab,

    /// <summary>The first unit of a large block.</summary>
    Large,

    /// <summary>A later unit of a large block.</summary>
    LargeInside,
}

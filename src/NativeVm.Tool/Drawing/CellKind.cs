namespace NativeVm.Tool.Drawing;

/// <summary>What a piece of address space is, as a picture shows it.</summary>
internal enum CellKind : byte
{
    /// <summary>Nobody's.</summary>
    Free,

    /// <summary>Addresses without memory.</summary>
    Reserved,

    /// <summary>Memory that can be read only.</summary>
    ReadOnly,

    /// <summary>Memory that can be read and written.</summary>
    ReadWrite,

    /// <summary>Memory that can be executed.</summary>
    Executable,
}

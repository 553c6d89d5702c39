using System.Runtime.CompilerServices;

namespace NativeVm.Heaps;

/// <summary>
/// All that a free needs to find its way, in the eight bytes that it reads first: eight units share a cache line.
/// The default value is a unit that is nobody's.
/// </summary>
internal readonly struct UnitEntry
{
    private readonly ulong _raw;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UnitEntry(ulong raw) => _raw = raw;

    /// <summary>The thread heap that owns the slab, 0 for what is not a slab.</summary>
    public uint Owner => (uint)(_raw & 0xFFFF);

    /// <summary>The number of the slab's size class.</summary>
    public uint Class => (uint)(_raw >> 16) & 0xFF;

    /// <summary>The class of an entry in memory, by loading its byte alone; the processor is a little-endian one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe uint ClassAt(UnitEntry* entry) => ((byte*)entry)[2];

    /// <summary>What the unit is part of.</summary>
    public UnitKind Kind => (UnitKind)((uint)(_raw >> 24) & 0xFF);

    /// <summary>The number of the run's record.</summary>
    public uint Record => (uint)(_raw >> 32);

    /// <summary>The entry of each unit of a slab.</summary>
    public static UnitEntry Slab(uint owner, uint number, uint record) =>
        new(owner | (number << 16) | ((uint)UnitKind.Slab << 24) | ((ulong)record << 32));

    /// <summary>The entry of a unit of a large block.</summary>
    public static UnitEntry Large(UnitKind kind, uint record) => new(((uint)kind << 24) | ((ulong)record << 32));
}

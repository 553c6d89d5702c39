using System.Diagnostics;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>A range of whole pages of a map and its attributes, as they were when the map was asked.</summary>
/// <param name="Start">First address, a multiple of the page size.</param>
/// <param name="End">First address after the range, a multiple of the page size.</param>
/// <param name="Attributes">All that the entry has besides its range.</param>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct VmEntry(nuint Start, nuint End, VmEntryAttributes Attributes)
{
    /// <summary>Length in bytes.</summary>
    public nuint ByteCount => End - Start;

    /// <summary>Whether the address lies in the range.</summary>
    /// <param name="address">Any address.</param>
    public bool Contains(nuint address) => address - Start < ByteCount;

    /// <summary>The range, its kind and its protection, for people.</summary>
    public override string ToString()
    {
        PageProtection p = Attributes.Protection;
        char read = p.HasFlag(PageProtection.Read) ? 'r' : '-';
        char write = p.HasFlag(PageProtection.Write) ? 'w' : '-';
        char execute = p.HasFlag(PageProtection.Execute) ? 'x' : '-';
        string state = Attributes.IsCommitted ? "committed" : "reserved";
        return $"0x{Start:x}-0x{End:x} {read}{write}{execute} {Attributes.Kind} {state} tag={Attributes.Tag}";
    }
}

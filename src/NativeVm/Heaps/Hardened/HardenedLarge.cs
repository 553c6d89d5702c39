using System.Runtime.InteropServices;

namespace NativeVm.Heaps;

/// <summary>The record of a large block of a hardened heap.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct HardenedLarge
{
    /// <summary>As <see cref="RunRecord.Unit"/>, at the same place.</summary>
    public uint Unit;

    /// <summary>The link of free records, as <see cref="RunRecord.Next"/>.</summary>
    public uint Next;

    /// <summary>1 while the block has been freed and is held back.</summary>
    public uint IsQuarantined;

    /// <summary>Bytes of the run, guards included.</summary>
    public nuint RunByteCount;

    /// <summary>The block.</summary>
    public nuint Address;

    /// <summary>What was asked for.</summary>
    public nuint ByteCount;

    /// <summary>The first byte behind the pages that can be touched.</summary>
    public nuint BodyEnd;
}

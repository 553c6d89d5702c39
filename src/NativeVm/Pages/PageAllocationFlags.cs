using System.Diagnostics.CodeAnalysis;

namespace NativeVm;

/// <summary>What is asked of the pages of a run.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "The name says what they are: flags of an allocation.")]
public enum PageAllocationFlags
{
    /// <summary>Every byte of the run reads as zero.</summary>
    None = 0,

    /// <summary>The run holds what it holds: zeros, or what an earlier user of these pages left in them.</summary>
    Uninitialized = 1,
}

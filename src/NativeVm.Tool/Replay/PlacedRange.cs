using NativeVm.Platform;

namespace NativeVm.Tool.Replay;

/// <summary>A range of addresses that a replay has mapped.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address after the range.</param>
/// <param name="Protection">What may be done to the pages; none for addresses that are only reserved.</param>
internal readonly record struct PlacedRange(nuint Start, nuint End, PageProtection Protection)
{
    /// <summary>Length in bytes.</summary>
    public nuint ByteCount => End - Start;
}

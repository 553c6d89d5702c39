namespace NativeVm.Frames;

/// <summary>
/// The state word of a frame. It changes by compare-and-swap only, and says alone what may be done with the frame:
/// nothing else has to be looked at together with it.
/// </summary>
internal static class FrameState
{
    /// <summary>Handed out. Only such a frame has pins.</summary>
    public const uint Allocated = 1u << 31;

    /// <summary>One thread is clearing it, giving its pages back or freeing it; all others keep off.</summary>
    public const uint Busy = 1u << 30;

    /// <summary>The pool is being disposed of.</summary>
    public const uint Closed = 1u << 29;

    /// <summary>Free, and its pages read as zeros.</summary>
    public const uint Clean = 1u << 28;

    /// <summary>The bits of the pin count.</summary>
    public const uint Pins = Clean - 1;

    /// <summary>Whether pins may be added and taken: allocated and nothing else going on.</summary>
    public static bool IsInUse(uint state) => (state & (Allocated | Busy | Closed)) == Allocated;
}

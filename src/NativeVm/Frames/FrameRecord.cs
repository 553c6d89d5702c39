using System.Runtime.InteropServices;

namespace NativeVm.Frames;

/// <summary>What a pool keeps of a frame, apart from it. All zero until the frame is first allocated.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameRecord
{
    /// <summary>The flags of <see cref="FrameState"/> and, below them, how often the frame is pinned.</summary>
    public uint State;

    /// <summary>One more than the number of the next frame of the list that this one is on; 0 for none.</summary>
    public uint NextPlusOne;
}

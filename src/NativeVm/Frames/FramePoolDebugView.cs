namespace NativeVm;

/// <summary>What a debugger shows of a pool of frames. It takes no lock, because the thread that holds it is stopped too.</summary>
internal sealed class FramePoolDebugView(FramePool pool)
{
    private const int MostFrames = 1000;

    /// <summary>The first thousand frames that are pinned, and how often.</summary>
    public KeyValuePair<uint, uint>[] Pinned
    {
        get
        {
            List<KeyValuePair<uint, uint>> pinned = [];
            for (uint frame = 0; frame < pool.FrameCount && pinned.Count < MostFrames; frame++)
            {
                uint count = pool.GetPinCount(frame);
                if (count != 0)
                {
                    pinned.Add(new(frame, count));
                }
            }

            return [.. pinned];
        }
    }
}

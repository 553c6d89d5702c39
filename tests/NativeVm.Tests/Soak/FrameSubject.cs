namespace NativeVm.Tests.Soak;

/// <summary>A pool of frames that all lanes share, and pin in each other's hands as a cache does.</summary>
internal sealed class FrameSubject(FramePool pool, int capacity) : SoakSubject
{
    private readonly List<(uint Frame, ulong Pattern)> _live = new(capacity);

    public override void Step(Random random)
    {
        int choice = random.Next(1000);
        if (choice < 500)
        {
            if (_live.Count < capacity && pool.TryAllocate(out uint frame))
            {
                SoakPattern.VerifyZero(pool.GetAddress(frame), pool.FrameByteCount, "frame");
                _live.Add((frame, Fill(frame)));
            }
        }
        else if (choice < 700)
        {
            uint other = (uint)random.NextInt64((long)pool.FrameCount);
            if (pool.TryPin(other))
            {
                pool.Unpin(other);
            }
        }
        else if (choice == 999)
        {
            pool.Trim((nuint)random.Next(64) * pool.FrameByteCount);
        }
        else if (_live.Count > 0)
        {
            UseOne(random, choice);
        }
    }

    public override void Verify()
    {
        foreach ((uint frame, ulong pattern) in _live)
        {
            SoakPattern.Verify(pool.GetAddress(frame), pool.FrameByteCount, pattern, "frame");
        }
    }

    public override void Renew()
    {
        Verify();
        foreach ((uint frame, _) in _live)
        {
            // Another lane may have it pinned for a moment.
            SpinWait wait = default;
            while (!pool.TryFree(frame))
            {
                wait.SpinOnce();
            }
        }

        _live.Clear();
    }

    public override void Dispose() => Renew();

    private void UseOne(Random random, int choice)
    {
        int index = random.Next(_live.Count);
        (uint frame, ulong pattern) = _live[index];
        SoakPattern.Verify(pool.GetAddress(frame), pool.FrameByteCount, pattern, "frame");
        if (choice < 720)
        {
            if (pool.GiveBack(frame))
            {
                SoakPattern.VerifyZero(pool.GetAddress(frame), pool.FrameByteCount, "frame given back");
                _live[index] = (frame, Fill(frame));
            }
        }
        else if (choice < 740 ? pool.TryFreeAndGiveBack(frame) : pool.TryFree(frame))
        {
            _live[index] = _live[^1];
            _live.RemoveAt(_live.Count - 1);
        }
    }

    private ulong Fill(uint frame)
    {
        ulong pattern = NextPattern();
        SoakPattern.Fill(pool.GetAddress(frame), pool.FrameByteCount, pattern);
        return pattern;
    }
}

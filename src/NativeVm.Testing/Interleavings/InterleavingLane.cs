namespace NativeVm.Testing;

/// <summary>One operation on a thread of its own, which goes from point to point when it is told to.</summary>
internal sealed class InterleavingLane(int number, Action operation) : IDisposable
{
    private readonly SemaphoreSlim _go = new(0);
    private readonly ManualResetEventSlim _stopped = new(false);
    private Thread? _thread;
    private bool _isAwake;

    /// <summary>Its place among the operations.</summary>
    public int Number => number;

    /// <summary>What it is about to do, or has done, at its point.</summary>
    public string Where { get; private set; } = "begins";

    /// <summary>Whether the operation has ended.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What the operation threw.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether it is at a point, or done.</summary>
    public bool HasStopped => _stopped.IsSet;

    /// <summary>Whether it may be let go on.</summary>
    public bool IsReady => _stopped.IsSet && !IsDone;

    /// <summary>Starts the thread, which stops at once.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"operation {number}" };
        _thread.Start();
        _stopped.Wait();
    }

    /// <summary>Lets it go on.</summary>
    public void GoOn()
    {
        Volatile.Write(ref _isAwake, false);
        _stopped.Reset();
        _go.Release();
    }

    /// <summary>Waits until it reaches a point or ends, as long as it makes sense.</summary>
    /// <returns>Whether it did; if not, it waits for somebody.</returns>
    public bool WaitForPoint(TimeSpan patience)
    {
        for (int looks = 0; looks < 50; looks++)
        {
            if (_stopped.Wait(patience))
            {
                return true;
            }

            // Before it is awake it sleeps as well, but on its way.
            if (Volatile.Read(ref _isAwake) && (_thread!.ThreadState & ThreadState.WaitSleepJoin) != 0)
            {
                return _stopped.IsSet;
            }
        }

        return _stopped.IsSet;
    }

    /// <summary>Waits for its end.</summary>
    public void Join() => _thread?.Join();

    /// <summary>Called by the thread itself: stops until it is let go on.</summary>
    public void Stop(string where)
    {
        Where = where;
        _stopped.Set();
        _go.Wait();
        Volatile.Write(ref _isAwake, true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _go.Dispose();
        _stopped.Dispose();
    }

    private void Run()
    {
        InterleavingRun.Enter(this);
        Stop("begins");
        try
        {
            operation();
        }
#pragma warning disable CA1031 // Whatever an operation throws is the failure of this order.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure = e;
        }

        IsDone = true;
        Where = "has ended";
        _stopped.Set();
    }
}

namespace NativeVm.Tool.Limits;

/// <summary>
/// A thread of this process that runs on another processor: while it does, a change of mappings has to reach that
/// processor too.
/// </summary>
internal sealed class BusyThread : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _isEnding;

    /// <summary>Starts the thread.</summary>
    public BusyThread()
    {
        _thread = new Thread(Spin) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
    }

    private void Spin()
    {
        while (!_isEnding)
        {
            Thread.SpinWait(1000);
        }
    }
}

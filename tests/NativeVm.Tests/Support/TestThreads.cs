using System.Collections.Concurrent;

namespace NativeVm.Tests.Support;

/// <summary>
/// Threads of a test. What one of them throws is the test's failure, told where they are joined: on its own it would end
/// the process and every other test with it.
/// </summary>
internal sealed class TestThreads
{
    private readonly ConcurrentQueue<Exception> _failures = [];
    private readonly Thread[] _threads;

    private TestThreads(int count, Action<int> body)
    {
        _threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() => Guard(number, body)) { IsBackground = true })];
        Array.ForEach(_threads, static thread => thread.Start());
    }

    /// <summary>Starts threads that run at once, each with its number.</summary>
    public static TestThreads Start(int count, Action<int> body) => new(count, body);

    /// <summary>Runs threads to their end, each with its number.</summary>
    public static void Run(int count, Action<int> body) => Start(count, body).Join();

    /// <summary>Waits for their end; none may have failed.</summary>
    public void Join() => Assert.Empty(JoinForFailures());

    /// <summary>Waits for their end.</summary>
    /// <returns>What they threw.</returns>
    public IReadOnlyCollection<Exception> JoinForFailures()
    {
        Array.ForEach(_threads, static thread => thread.Join());
        return _failures;
    }

    private void Guard(int number, Action<int> body)
    {
        try
        {
            body(number);
        }
#pragma warning disable CA1031 // Whatever a thread throws is the test's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failures.Enqueue(e);
        }
    }
}

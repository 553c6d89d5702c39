using Xunit.Abstractions;

namespace NativeVm.Tests.Runner;

/// <summary>Gathers the test cases that a discovery finds, and says when it has ended.</summary>
/// <param name="filter">Only test cases whose display name contains this text, in any case; null for all.</param>
internal sealed class DiscoverySink(string? filter) : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly ManualResetEventSlim _complete = new();

    /// <summary>The test cases found; read it after <see cref="Wait"/>.</summary>
    public List<ITestCase> TestCases { get; } = [];

    /// <summary>Blocks until the discovery has ended.</summary>
    public void Wait() => _complete.Wait();

    public bool OnMessage(IMessageSinkMessage message)
    {
        if (message is ITestCaseDiscoveryMessage discovered && Matches(discovered.TestCase))
        {
            TestCases.Add(discovered.TestCase);
        }
        else if (message is IDiscoveryCompleteMessage)
        {
            _complete.Set();
        }

        return true;
    }

    public void Dispose() => _complete.Dispose();

    private bool Matches(ITestCase testCase) =>
        filter is null || testCase.DisplayName.Contains(filter, StringComparison.OrdinalIgnoreCase);
}

using System.Globalization;
using Xunit.Abstractions;

namespace NativeVm.Tests.Runner;

/// <summary>
/// Counts what happens and prints what is of interest: failures with their stack, tests that took long, errors outside
/// any test, which count as failures, and at the end how many were skipped for which reason.
/// </summary>
/// <param name="output">Where to print.</param>
/// <param name="stopAtFirstFailure">Whether the run ends with its first failure.</param>
internal sealed class ExecutionSink(TextWriter output, bool stopAtFirstFailure) : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly ManualResetEventSlim _complete = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _skips = new(StringComparer.Ordinal);
    private const decimal LongSeconds = 10;

    private int _passed;
    private int _failed;

    /// <summary>Whether anything has passed and nothing failed.</summary>
    public bool IsGood => _failed == 0 && _passed > 0;

    /// <summary>Blocks until the run has ended.</summary>
    public void Wait() => _complete.Wait();

    /// <summary>Why tests were skipped, and the closing line.</summary>
    public void PrintSummary()
    {
        foreach ((string reason, int count) in _skips)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Skipped {count}: {reason}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_passed} passed, {_failed} failed, {_skips.Values.Sum()} skipped"));
        output.Flush();
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (_lock)
        {
            // What still runs after the end has been decided is not part of the closing line.
            if (_complete.IsSet)
            {
                return false;
            }

            switch (message)
            {
                case ITestPassed:
                    _passed++;
                    break;
                case ITestSkipped skipped:
                    _skips[skipped.Reason] = _skips.GetValueOrDefault(skipped.Reason) + 1;
                    break;
                case ITestFailed failed:
                    Fail(failed.Test.DisplayName, failed);
                    break;
                case IErrorMessage error:
                    Fail("outside the tests", error);
                    break;
                case ITestAssemblyCleanupFailure cleanup:
                    Fail(cleanup.TestAssembly.Assembly.Name, cleanup);
                    break;
                case ITestCollectionCleanupFailure cleanup:
                    Fail(cleanup.TestCollection.DisplayName, cleanup);
                    break;
                case ITestClassCleanupFailure cleanup:
                    Fail(cleanup.TestClass.Class.Name, cleanup);
                    break;
                case ITestMethodCleanupFailure cleanup:
                    Fail(cleanup.TestMethod.Method.Name, cleanup);
                    break;
                case ITestCaseCleanupFailure cleanup:
                    Fail(cleanup.TestCase.DisplayName, cleanup);
                    break;
                case ITestCleanupFailure cleanup:
                    Fail(cleanup.Test.DisplayName, cleanup);
                    break;
                case ITestFinished { ExecutionTime: > LongSeconds } slow:
                    output.WriteLine($"Took {slow.ExecutionTime:F0} s: {slow.Test.DisplayName}");
                    break;
                case ITestAssemblyFinished:
                    _complete.Set();
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    public void Dispose() => _complete.Dispose();

    private void Fail(string where, IFailureInformation failure)
    {
        _failed++;
        output.WriteLine($"Failed {where}");
        for (int i = 0; i < failure.Messages.Length; i++)
        {
            output.WriteLine($"  {failure.ExceptionTypes[i]}: {failure.Messages[i]}");
            output.WriteLine(failure.StackTraces[i]);
        }

        if (stopAtFirstFailure)
        {
            output.WriteLine("Stopped at the first failure.");
            _complete.Set();
        }
    }
}

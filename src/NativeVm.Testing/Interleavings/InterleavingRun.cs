using System.Text;

namespace NativeVm.Testing;

/// <summary>One order of the points of some operations.</summary>
internal sealed class InterleavingRun(IReadOnlyList<InterleavingChoice> start, TimeSpan patience) : ICallObserver
{
    [ThreadStatic]
    private static InterleavingLane? t_lane;

    private readonly StringBuilder _order = new();

    /// <summary>What was chosen.</summary>
    public List<InterleavingChoice> Path { get; } = [];

    /// <summary>How often a thread waited for another one.</summary>
    public int BlockedCount { get; private set; }

    /// <summary>Whether the path did not go where it was to go.</summary>
    public bool HasDeparted { get; private set; }

    /// <summary>Runs the operations in this order, the rest of it with the first thread first, and verifies.</summary>
    public void Execute(InterleavingScenario scenario)
    {
        InterleavingLane[] lanes = [.. scenario.Operations.Select(static (operation, i) => new InterleavingLane(i, operation))];
        try
        {
            Array.ForEach(lanes, static lane => lane.Start());
            while (TryChoose(lanes, out InterleavingLane? lane))
            {
                _order.Append("operation ").Append(lane!.Number).Append(' ').AppendLine(lane.Where);
                lane.GoOn();
                Settle(lanes);
            }

            Array.ForEach(lanes, static lane => lane.Join());
            if (lanes.FirstOrDefault(static lane => lane.Failure is not null) is { } failed)
            {
                throw new InterleavingException(_order.ToString(), failed.Failure!);
            }

            Verify(scenario);
        }
        finally
        {
            Array.ForEach(lanes, static lane => lane.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Calling(in SystemCall systemCall) => t_lane?.Stop($"is about to {systemCall.Operation}");

    /// <inheritdoc/>
    public void Called(in SystemCall systemCall) => t_lane?.Stop($"comes back from {systemCall.Operation}");

    /// <summary>Called by the thread of a lane: its calls are points from now on.</summary>
    public static void Enter(InterleavingLane lane) => t_lane = lane;

    private void Verify(InterleavingScenario scenario)
    {
        try
        {
            scenario.Verify();
        }
        catch (Exception e)
        {
            throw new InterleavingException(_order.ToString(), e);
        }
    }

    private bool TryChoose(InterleavingLane[] lanes, out InterleavingLane? lane)
    {
        InterleavingLane[] ready = [.. lanes.Where(static lane => lane.IsReady)];
        lane = null;
        if (ready.Length == 0)
        {
            return false;
        }

        int index = 0;
        if (Path.Count < start.Count)
        {
            InterleavingChoice wanted = start[Path.Count];
            bool isLast = Path.Count == start.Count - 1;
            HasDeparted |= isLast ? wanted.Index >= ready.Length : wanted != new InterleavingChoice(wanted.Index, ready.Length);
            index = Math.Min(wanted.Index, ready.Length - 1);
        }

        Path.Add(new(index, ready.Length));
        lane = ready[index];
        return true;
    }

    /// <summary>Waits until every thread is at a point, has ended, or waits for another one.</summary>
    private void Settle(InterleavingLane[] lanes)
    {
        do
        {
            foreach (InterleavingLane lane in lanes)
            {
                if (!lane.HasStopped && !lane.WaitForPoint(patience))
                {
                    BlockedCount++;
                }
            }
        }
        while (Array.TrueForAll(lanes, static lane => !lane.IsReady) && !Array.TrueForAll(lanes, static lane => lane.IsDone && lane.HasStopped));
    }
}

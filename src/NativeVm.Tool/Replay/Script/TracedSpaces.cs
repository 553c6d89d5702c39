using NativeVm.Tool.Commands;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Replay.Script;

/// <summary>
/// Tells which address space a line's process id belongs to. Traces of memory calls do not show <c>clone</c> and
/// <c>execve</c>, so it is told by what programs do.
/// </summary>
/// <remarks>
/// <para>
/// A program begins with <c>brk(NULL)</c>, and its answer is a break that the address space did not have: a fresh
/// address space, and the end of whatever the same process had before. (Later calls of <c>brk(NULL)</c> answer
/// what is known.)
/// </para>
/// <para>
/// An id that appears otherwise is a process of its own when anywhere in the trace a SIGCHLD names it, for threads
/// end without one. What it inherited stays with its parent: a copy that nobody wrote takes no memory. Otherwise it
/// is a thread of the process whose line stands before it.
/// </para>
/// </remarks>
internal sealed class TracedSpaces
{
    // No system has more processes at once; a trace may say so.
    private const int MostProcesses = 1 << 18;

    private readonly Dictionary<int, TracedSpace> _spaces = [];
    private readonly HashSet<int> _children;
    private TracedSpace? _latest;

    /// <summary>Begins with no address space.</summary>
    /// <param name="calls">The whole trace.</param>
    public TracedSpaces(IEnumerable<TraceCall> calls) => _children =
        [.. calls.Where(call => call.Kind == TraceCallKind.ChildEnded).Select(call => call.ProcessId)];

    /// <summary>How many address spaces there have been.</summary>
    public int Count { get; private set; }

    /// <summary>The address spaces that have not ended.</summary>
    public IEnumerable<TracedSpace> Live => _spaces.Values.Distinct();

    /// <summary>The address space of a process that makes a call.</summary>
    /// <param name="processId">The process or thread.</param>
    public TracedSpace Of(int processId)
    {
        if (!_spaces.TryGetValue(processId, out TracedSpace? space))
        {
            bool isThread = _latest is not null && !_children.Contains(processId);
            space = isThread ? _latest! : Add(processId);
            _spaces[processId] = space;
        }

        _latest = space;
        return space;
    }

    /// <summary>Takes note of a call of <c>brk</c>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="replaced">The address space that ended because its process began another program.</param>
    public void Break(in TraceCall call, out TracedSpace? replaced)
    {
        replaced = null;
        if (_spaces.TryGetValue(call.ProcessId, out TracedSpace? space)
            && (call.Address != 0 || space.Break == call.NewAddress))
        {
            space.Break = call.NewAddress;
        }
        else if (call.Address == 0)
        {
            replaced = space is not null && space.OwnerId == call.ProcessId ? space : null;
            space = _spaces[call.ProcessId] = Add(call.ProcessId);
            space.Break = call.NewAddress;
        }
        else
        {
            space = Of(call.ProcessId);
            space.Break = call.NewAddress;
        }

        _latest = space;
    }

    /// <summary>Takes note of an exit.</summary>
    /// <param name="processId">The process or thread.</param>
    /// <returns>The address space that ended with it, or null for a thread and for a process that made no call.</returns>
    public TracedSpace? Exit(int processId) =>
        _spaces.Remove(processId, out TracedSpace? space) && space.OwnerId == processId ? space : null;

    private TracedSpace Add(int processId)
    {
        if (_spaces.Count >= MostProcesses)
        {
            throw ToolException.BadInput($"the trace tells of more than {MostProcesses:N0} processes at once.");
        }

        Count++;
        return new TracedSpace { OwnerId = processId };
    }
}

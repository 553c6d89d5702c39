using System.Diagnostics;

namespace NativeVm;

/// <summary>What a debugger shows of an arena.</summary>
internal sealed class LinearArenaDebugView(LinearArena arena)
{
    /// <summary>The figures, as long as there are any.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public object Statistics => arena.IsDisposed ? "disposed" : arena.GetStatistics();
}

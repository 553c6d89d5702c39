using System.Diagnostics;

namespace NativeVm;

/// <summary>
/// What a debugger shows of a map. It reads without the lock, because the thread that holds it is stopped too.
/// </summary>
internal sealed class VmMapDebugView(VmMap map)
{
    private const int MostEntries = 1000;

    /// <summary>The first thousand entries.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public VmEntry[] Entries => map.SnapshotForDebugger(MostEntries);
}

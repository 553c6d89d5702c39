using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A heap that is bound for the whole process, to C's allocators and to SQLite's.</summary>
public sealed class BoundHeapState : IDisposable
{
    public BoundHeapState(FaultPlatforms platforms)
    {
        State = new HeapState(platforms, VmHeapHardening.None);
        VmHeapFunctions.Bind(State.Heap);
        SqliteHeap.Bind(State.Heap);
    }

    public HeapState State { get; }

    public void Dispose()
    {
        SqliteHeap.Unbind();
        VmHeapFunctions.Unbind();
        State.Dispose();
    }
}

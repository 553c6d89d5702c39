using System.Diagnostics;

namespace NativeVm;

/// <summary>What a debugger shows of an array: its first elements.</summary>
internal sealed class VirtualArrayDebugView<T>(VirtualArray<T> array)
    where T : unmanaged
{
    private const int MostElements = 1000;

    /// <summary>The first thousand elements.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public T[] Elements => array.AsSpan(0, (int)Math.Min(array.Length, MostElements)).ToArray();
}

namespace NativeVm.Diagnostics;

/// <summary>
/// What a map, an allocator or a buffer tells of itself. It registers with <see cref="LiveInstances"/> when it is made
/// and takes itself off when it is disposed of; in between anybody may ask, on any thread.
/// </summary>
internal interface IUsageSource
{
    /// <summary>The name that its user gave it.</summary>
    string Name { get; }

    /// <summary>What it is, in one word: the tag by which figures are summed.</summary>
    string Kind { get; }

    /// <summary>Its figures now. Those that are dear (<see cref="UsageFigures"/>) are found out only if they are asked for.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    VmUsage GetUsage(UsageFigures figures);
}

namespace NativeVm;

/// <summary>One map, allocator or buffer that is in use, and what it holds.</summary>
/// <param name="Name">The name that its user gave it; names need not differ.</param>
/// <param name="Kind">What it is: <c>map</c>, <c>submap</c>, <c>pages</c>, <c>heap</c>…</param>
/// <param name="Usage">Its figures.</param>
public readonly record struct VmInstanceUsage(string Name, string Kind, VmUsage Usage);

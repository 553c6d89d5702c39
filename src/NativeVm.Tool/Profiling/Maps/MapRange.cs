namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Pages of an entry.</summary>
/// <param name="Page">The first one.</param>
/// <param name="PageCount">How many.</param>
internal readonly record struct MapRange(ulong Page, ulong PageCount);

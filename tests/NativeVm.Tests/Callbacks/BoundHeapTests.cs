namespace NativeVm.Tests.Callbacks;

/// <summary>Tests that bind a heap for the whole process, or configure SQLite, which there is once.</summary>
[CollectionDefinition(nameof(BoundHeapTests), DisableParallelization = true)]
public sealed class BoundHeapTests;

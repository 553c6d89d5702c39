namespace NativeVm.Tests.Diagnostics;

/// <summary>
/// Tests that listen to the library's events: while somebody listens, an event allocates on the managed heap of whoever
/// causes it, which tests that count such bytes would take for the library's own.
/// </summary>
[CollectionDefinition(nameof(ListeningTests), DisableParallelization = true)]
public sealed class ListeningTests;

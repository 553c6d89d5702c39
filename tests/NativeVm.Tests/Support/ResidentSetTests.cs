namespace NativeVm.Tests.Support;

/// <summary>Tests that read the resident set of the whole process, in which nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(ResidentSetTests), DisableParallelization = true)]
public sealed class ResidentSetTests;

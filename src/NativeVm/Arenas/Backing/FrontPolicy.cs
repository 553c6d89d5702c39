namespace NativeVm.Arenas;

/// <summary>How a range is committed as it is used.</summary>
/// <param name="CommitStep">Bytes of the smallest step; 0 for the usual one.</param>
/// <param name="MemoryLimit">Bytes that may be committed at most; 0 for all of the range.</param>
/// <param name="UsesHugePages">Whether whole huge pages are advised to be that; the range then starts at one.</param>
/// <param name="IsWired">Whether what is committed is kept in physical memory.</param>
internal readonly record struct FrontPolicy(nuint CommitStep, nuint MemoryLimit, bool UsesHugePages, bool IsWired = false);

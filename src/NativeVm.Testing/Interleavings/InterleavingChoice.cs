namespace NativeVm.Testing;

/// <summary>At one step of a run: which of the threads at a point was let go on, and how many there were.</summary>
internal readonly record struct InterleavingChoice(int Index, int Count);

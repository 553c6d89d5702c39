namespace NativeVm;

/// <summary>Allocations of one owner, made at one place in the program, that have not been freed.</summary>
/// <param name="OwnerName">The name of the allocator.</param>
/// <param name="OwnerKind">What the allocator is.</param>
/// <param name="Site">The method that asked for them: the innermost one outside this library.</param>
/// <param name="Count">How many.</param>
/// <param name="ByteCount">Bytes in all.</param>
/// <param name="StackTrace">How the program came there, for one of them.</param>
public sealed record VmLeak(string OwnerName, string OwnerKind, string Site, int Count, nuint ByteCount, string StackTrace);

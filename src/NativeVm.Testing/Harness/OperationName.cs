namespace NativeVm.Testing;

/// <summary>A public operation of a type: its name, which overloads share, and its signature, which they do not.</summary>
internal readonly record struct OperationName(string Name, string Signature);

namespace NativeVm.Testing;

/// <summary>Pages <c>[Start, End)</c> with equal attributes.</summary>
internal readonly record struct Run(nuint Start, nuint End, RunAttributes Attributes)
{
    public nuint ByteCount => End - Start;
}

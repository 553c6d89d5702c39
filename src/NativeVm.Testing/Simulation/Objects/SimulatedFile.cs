namespace NativeVm.Testing;

/// <summary>What a simulated system stores under a path, or as memory without a name.</summary>
internal sealed class SimulatedFile(long id, ulong byteCount, bool isReadOnly)
{
    /// <summary>Tells mappings of one object from those of another; never 0.</summary>
    public long Id { get; } = id;

    public ulong ByteCount { get; set; } = byteCount;

    public bool IsReadOnly { get; } = isReadOnly;
}

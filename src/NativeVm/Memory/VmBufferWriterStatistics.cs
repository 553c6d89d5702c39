namespace NativeVm;

/// <summary>The figures of a <see cref="VmBufferWriter"/> at one moment, in bytes.</summary>
public readonly record struct VmBufferWriterStatistics
{
    /// <summary>Address space.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages that can be written.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What has been written.</summary>
    public nuint WrittenByteCount { get; init; }
}

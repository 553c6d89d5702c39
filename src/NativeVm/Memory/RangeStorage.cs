namespace NativeVm.Memory;

/// <summary>A range that grows by committing.</summary>
internal sealed class RangeStorage(GrowingRange range) : IStreamStorage
{
    public nuint Address => range.Address;

    public nuint Capacity => range.Capacity;

    public nuint DirtyByteCount => range.CommittedByteCount;

    public void Ensure(nuint byteCount)
    {
        if (byteCount > range.Capacity)
        {
            throw new NotSupportedException(
                $"The stream '{range.Name}' may hold {range.Capacity} bytes, and {byteCount} are needed; "
                + $"{nameof(VmStreamOptions)}.{nameof(VmStreamOptions.MaxByteCount)} sets how many.");
        }

        range.Ensure(byteCount).ThrowIfFailed();
    }

    public void Release() => range.Dispose();
}

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>A growable <see cref="VmMap"/>: find and commit, then remove, which gives the pages back.</summary>
internal sealed class VmMapAllocator : IPageAllocator
{
    private static readonly VmEntryAttributes ReadWrite = VmEntryAttributes.ReadWrite;
    private readonly VmMap _map = new(new VmMapOptions { ByteCount = 64 << 20, IsGrowable = true });

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount)
    {
        _map.Find(byteCount, ReadWrite, out nuint address).ThrowIfFailed();
        return address;
    }

    /// <inheritdoc/>
    public void Free(nuint address, nuint byteCount) => _map.Remove(address, byteCount).ThrowIfFailed();

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();
}

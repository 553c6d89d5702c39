using System.Runtime.CompilerServices;
using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>A growable <see cref="VmMap"/>: find and commit, then remove, which gives the pages back.</summary>
internal readonly struct VmMapAllocator : IMemoryAllocator<nuint>
{
    private readonly VmMap _map;

    private VmMapAllocator(VmMap map) => _map = map;

    /// <inheritdoc/>
    public long? SystemCallCount => VmPlatform.Current.SystemCallCount;

    /// <summary>An empty map.</summary>
    public static VmMapAllocator Create() => new(new VmMap(new VmMapOptions { ByteCount = 64 << 20, IsGrowable = true }));

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount)
    {
        _map.Find(byteCount, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        return address;
    }

    /// <inheritdoc/>
    public void Free(nuint block, nuint byteCount) => _map.Remove(block, byteCount).ThrowIfFailed();

    /// <inheritdoc/>
    public unsafe ref byte FirstByte(nuint block) => ref Unsafe.AsRef<byte>((void*)block);

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();
}

using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>A <see cref="LinearArena"/>.</summary>
/// <param name="isZeroed">Whether what it hands out reads as zeros, as it does by default.</param>
internal readonly struct ArenaBump(bool isZeroed) : IBump
{
    private readonly LinearArena _arena = new(new LinearArenaOptions { ByteCount = 16 << 20, ZeroesMemory = isZeroed });

    /// <inheritdoc/>
    public long? SystemCallCount => VmPlatform.Current.SystemCallCount;

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) => _arena.Allocate(byteCount);

    /// <inheritdoc/>
    public void Reset() => _arena.Reset();

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}

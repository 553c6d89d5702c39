using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>A <see cref="LinearArena"/>.</summary>
internal readonly struct ArenaBump : IBump
{
    private const nuint ByteCount = 16 << 20;
    private readonly LinearArena _arena;

    private ArenaBump(LinearArena arena) => _arena = arena;

    /// <inheritdoc/>
    public long? SystemCallCount => VmPlatform.Current.SystemCallCount;

    /// <summary>An empty arena.</summary>
    /// <param name="isZeroed">Whether what it hands out reads as zeros, as it does by default.</param>
    public static ArenaBump Create(bool isZeroed) =>
        new(new LinearArena(new LinearArenaOptions { ByteCount = ByteCount, ZeroesMemory = isZeroed }));

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) => _arena.Allocate(byteCount);

    /// <inheritdoc/>
    public void Reset() => _arena.Reset();

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}

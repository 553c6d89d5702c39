using System.Runtime.CompilerServices;
using NativeVm.Platform;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Targets;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>The system's own calls: <c>mmap</c> and <c>munmap</c>, <c>VirtualAlloc</c> and <c>VirtualFree</c>.</summary>
internal readonly struct SystemAllocator : IMemoryAllocator<nuint>
{
    private readonly SystemTarget _target;

    private SystemAllocator(SystemTarget target) => _target = target;

    /// <inheritdoc/>
    public long? SystemCallCount => _target.SystemCallCount;

    /// <summary>The system that this process runs on.</summary>
    public static SystemAllocator Create() => new(SystemTarget.Create());

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) =>
        _target.TryMap(RoundUp(byteCount), PageProtection.ReadWrite, out nuint address) ? address : throw Refused();

    /// <inheritdoc/>
    public void Free(nuint block, nuint byteCount)
    {
        if (!_target.TryUnmap(new BlockPart(block, 0, RoundUp(byteCount), EndsBlock: true)))
        {
            throw Refused();
        }
    }

    /// <inheritdoc/>
    public unsafe ref byte FirstByte(nuint block) => ref Unsafe.AsRef<byte>((void*)block);

    /// <inheritdoc/>
    public void Dispose() => _target.Dispose();

    private static nuint RoundUp(nuint byteCount)
    {
        nuint mask = (nuint)Environment.SystemPageSize - 1;
        return (byteCount + mask) & ~mask;
    }

    private ToolException Refused() => ToolException.Failure($"the system refused: {_target.Refusal}");
}

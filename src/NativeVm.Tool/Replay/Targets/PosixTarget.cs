using NativeVm.Platform;
using NativeVm.Tool.Interop;

namespace NativeVm.Tool.Replay.Targets;

/// <summary>Plain <c>mmap</c>, <c>munmap</c> and <c>mprotect</c>.</summary>
internal sealed class PosixTarget : SystemTarget
{
    private static readonly int Anonymous = PosixMemory.MapPrivate | PosixMemory.MapAnonymous;

    /// <inheritdoc/>
    public override string Name => "mmap/munmap";

    /// <inheritdoc/>
    public override bool TryMap(nuint byteCount, PageProtection protection, out nuint address)
    {
        address = PosixMemory.Map(0, byteCount, (int)protection, Anonymous, -1, 0);
        return Count(address != PosixMemory.MapFailed, "mmap", byteCount);
    }

    /// <inheritdoc/>
    public override bool TryReplace(in BlockPart part, PageProtection protection)
    {
        nuint address = PosixMemory.Map(
            part.Address, part.ByteCount, (int)protection, Anonymous | PosixMemory.MapFixed, -1, 0);
        return Count(address != PosixMemory.MapFailed, "mmap", part.ByteCount);
    }

    /// <inheritdoc/>
    public override bool TryUnmap(in BlockPart part) =>
        Count(PosixMemory.Unmap(part.Address, part.ByteCount) == 0, "munmap", part.ByteCount);

    /// <inheritdoc/>
    public override bool TryProtect(in BlockPart part, PageProtection protection) =>
        Count(PosixMemory.Protect(part.Address, part.ByteCount, (int)protection) == 0, "mprotect", part.ByteCount);

    /// <inheritdoc/>
    public override bool TryDiscard(in BlockPart part, PageProtection protection) => Count(
        PosixMemory.Advise(part.Address, part.ByteCount, PosixMemory.AdviceDontNeed) == 0, "madvise", part.ByteCount);
}

using NativeVm.Platform;
using NativeVm.Tool.Interop;

namespace NativeVm.Tool.Replay.Targets;

/// <summary>Plain <c>VirtualAlloc</c>, <c>VirtualFree</c> and <c>VirtualProtect</c>: one reservation for each block.</summary>
/// <remarks>
/// Windows releases a reservation only as a whole: a part is decommitted, and its addresses are free again when
/// nothing is left of the block.
/// </remarks>
internal sealed class WindowsTarget : SystemTarget
{
    /// <inheritdoc/>
    public override string Name => "VirtualAlloc";

    /// <inheritdoc/>
    public override bool TryMap(nuint byteCount, PageProtection protection, out nuint address)
    {
        uint type = protection == PageProtection.None
            ? WindowsMemory.Reserve
            : WindowsMemory.Reserve | WindowsMemory.Commit;
        address = WindowsMemory.Allocate(0, byteCount, type, ToPage(protection));
        return Count(address != 0, "VirtualAlloc", byteCount);
    }

    /// <inheritdoc/>
    public override bool TryReplace(in BlockPart part, PageProtection protection) =>
        TryDecommit(part) && (protection == PageProtection.None || TryCommit(part, protection));

    /// <inheritdoc/>
    public override bool TryUnmap(in BlockPart part) => part.EndsBlock
        ? Count(WindowsMemory.Free(part.BlockAddress, 0, WindowsMemory.Release) != 0, "VirtualFree", part.ByteCount)
        : TryDecommit(part);

    /// <inheritdoc/>
    public override bool TryProtect(in BlockPart part, PageProtection protection)
    {
        // A commit also changes the protection of what is committed, so it serves reserved and mixed ranges alike.
        if (protection != PageProtection.None)
        {
            return TryCommit(part, protection);
        }

        // VirtualProtect refuses ranges that are not committed throughout; those lose their memory instead.
        return Count(
                WindowsMemory.Protect(part.Address, part.ByteCount, WindowsMemory.NoAccess, out _) != 0,
                "VirtualProtect",
                part.ByteCount)
            || TryDecommit(part);
    }

    /// <inheritdoc/>
    public override bool TryDiscard(in BlockPart part, PageProtection protection) =>
        TryDecommit(part) && TryCommit(part, protection);

    private bool TryCommit(in BlockPart part, PageProtection protection) => Count(
        WindowsMemory.Allocate(part.Address, part.ByteCount, WindowsMemory.Commit, ToPage(protection)) != 0,
        "VirtualAlloc",
        part.ByteCount);

    private bool TryDecommit(in BlockPart part) => Count(
        WindowsMemory.Free(part.Address, part.ByteCount, WindowsMemory.Decommit) != 0, "VirtualFree", part.ByteCount);

    private static uint ToPage(PageProtection protection) => protection switch
    {
        PageProtection.None => WindowsMemory.NoAccess,
        PageProtection.Read => WindowsMemory.ReadOnly,
        PageProtection.ReadExecute or PageProtection.Execute => WindowsMemory.ExecuteRead,
        _ => WindowsMemory.ReadWrite,
    };
}

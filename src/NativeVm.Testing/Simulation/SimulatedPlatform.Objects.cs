using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <inheritdoc/>
    public override int NumaNodeCount => 1;

    /// <inheritdoc/>
    public override bool Supports(PageInheritance inheritance, MappingSharing sharing) => true;

    /// <inheritdoc/>
    protected override SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        handle = null;
        return Refuse(SystemOperation.CreateSharedMemory, 0, byteCount, RefusalReason.NotSupported);
    }

    /// <inheritdoc/>
    protected override SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        handle = null;
        return Refuse(SystemOperation.OpenFile, 0, (nuint)byteCount, RefusalReason.NotSupported);
    }

    /// <inheritdoc/>
    protected override SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount)
    {
        byteCount = 0;
        return Refuse(SystemOperation.GetObjectByteCount, 0, 0, RefusalReason.NotSupported);
    }

    /// <inheritdoc/>
    protected override SystemReply MapObjectCore(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits) => Refuse(SystemOperation.MapObject, address, byteCount, RefusalReason.NotSupported);

    /// <inheritdoc/>
    protected override SystemReply MapObjectAnywhereCore(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address)
    {
        address = 0;
        return Refuse(SystemOperation.MapObjectAnywhere, 0, byteCount, RefusalReason.NotSupported);
    }

    /// <inheritdoc/>
    protected override SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits) =>
        Refuse(SystemOperation.UnmapObject, address, byteCount, RefusalReason.NotSupported);

    /// <inheritdoc/>
    protected override SystemReply ReleaseObjectCore(nuint address, nuint byteCount) =>
        Refuse(SystemOperation.ReleaseObject, address, byteCount, RefusalReason.NotSupported);

    /// <inheritdoc/>
    protected override SystemReply SynchronizeCore(nuint address, nuint byteCount) =>
        Refuse(SystemOperation.Synchronize, address, byteCount, RefusalReason.NotSupported);

    /// <inheritdoc/>
    protected override SystemReply SynchronizeObjectCore(MemoryObjectHandle handle) =>
        Refuse(SystemOperation.SynchronizeObject, 0, 0, RefusalReason.NotSupported);

    /// <inheritdoc/>
    protected override SystemReply InstallGuardCore(nuint address, nuint byteCount)
    {
        SystemReply reply = PurgeCore(address, byteCount);
        return reply.IsSuccess ? ProtectCore(address, byteCount, PageProtection.None) : reply;
    }

    /// <inheritdoc/>
    protected override SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection) =>
        ProtectCore(address, byteCount, protection);

    /// <inheritdoc/>
    protected override SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing) => SystemReply.Success;

    /// <inheritdoc/>
    protected override SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address)
    {
        address = 0;
        return Refuse(SystemOperation.ReservePlaceholder, 0, byteCount, RefusalReason.NotSupported);
    }

    /// <inheritdoc/>
    protected override SystemReply CommitHugePagesCore(nuint address, nuint byteCount, PageProtection protection) =>
        Refuse(SystemOperation.CommitHugePages, address, byteCount, RefusalReason.NotSupported);

    /// <inheritdoc/>
    protected override SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node) =>
        Refuse(SystemOperation.SetPreferredNode, address, byteCount, RefusalReason.NotSupported);
}

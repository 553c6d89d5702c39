using static TerraFX.Interop.Windows.ERROR;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    public override int NumaNodeCount => 1;

    public override bool Supports(PageInheritance inheritance, MappingSharing sharing) => true;

    protected override SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        handle = null;
        return Refusal(SystemOperation.CreateSharedMemory, 0, byteCount, ERROR_NOT_SUPPORTED);
    }

    protected override SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        handle = null;
        return Refusal(SystemOperation.OpenFile, 0, (nuint)byteCount, ERROR_NOT_SUPPORTED);
    }

    protected override SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount)
    {
        byteCount = 0;
        return Refusal(SystemOperation.GetObjectByteCount, 0, 0, ERROR_NOT_SUPPORTED);
    }

    protected override SystemReply MapObjectCore(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits) => Refusal(SystemOperation.MapObject, address, byteCount, ERROR_NOT_SUPPORTED);

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
        return Refusal(SystemOperation.MapObjectAnywhere, 0, byteCount, ERROR_NOT_SUPPORTED);
    }

    protected override SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits) =>
        Refusal(SystemOperation.UnmapObject, address, byteCount, ERROR_NOT_SUPPORTED);

    protected override SystemReply ReleaseObjectCore(nuint address, nuint byteCount) =>
        Refusal(SystemOperation.ReleaseObject, address, byteCount, ERROR_NOT_SUPPORTED);

    protected override SystemReply SynchronizeCore(nuint address, nuint byteCount) =>
        Refusal(SystemOperation.Synchronize, address, byteCount, ERROR_NOT_SUPPORTED);

    protected override SystemReply SynchronizeObjectCore(MemoryObjectHandle handle) =>
        Refusal(SystemOperation.SynchronizeObject, 0, 0, ERROR_NOT_SUPPORTED);

    protected override SystemReply InstallGuardCore(nuint address, nuint byteCount)
    {
        SystemReply reply = PurgeCore(address, byteCount);
        return reply.IsSuccess ? ProtectCore(address, byteCount, PageProtection.None) : reply;
    }

    protected override SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection) =>
        ProtectCore(address, byteCount, protection);

    protected override SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing) => SystemReply.Success;

    protected override SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address)
    {
        address = 0;
        return Refusal(SystemOperation.ReservePlaceholder, 0, byteCount, ERROR_NOT_SUPPORTED);
    }

    protected override SystemReply CommitHugePagesCore(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits) =>
        Refusal(SystemOperation.CommitHugePages, address, byteCount, ERROR_NOT_SUPPORTED);

    protected override SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node) =>
        Refusal(SystemOperation.SetPreferredNode, address, byteCount, ERROR_NOT_SUPPORTED);
}

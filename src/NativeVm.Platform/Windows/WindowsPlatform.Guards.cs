using static TerraFX.Interop.Windows.ERROR;

namespace NativeVm.Platform.Windows;

// Guards are protections. PAGE_GUARD is none: it is gone after the first fault.
internal sealed unsafe partial class WindowsPlatform
{
    public override int NumaNodeCount { get; }

    /// <summary>Nothing is ever inherited, so every wish is kept.</summary>
    public override bool Supports(PageInheritance inheritance, MappingSharing sharing) =>
        inheritance <= PageInheritance.None;

    /// <remarks>The pages go first: once nothing may be accessed, nobody knows what was allowed before.</remarks>
    protected override SystemReply InstallGuardCore(nuint address, nuint byteCount)
    {
        SystemReply reply = PurgeCore(address, byteCount);
        reply = reply.IsSuccess ? ProtectCore(address, byteCount, PageProtection.None) : reply;
        return reply.IsSuccess
            ? reply
            : Refusal(SystemOperation.InstallGuard, address, byteCount, reply.Reason, reply.ErrorNumber);
    }

    protected override SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection)
    {
        SystemReply reply = ProtectCore(address, byteCount, protection);
        return reply.IsSuccess
            ? reply
            : Refusal(SystemOperation.RemoveGuard, address, byteCount, reply.Reason, reply.ErrorNumber);
    }

    protected override SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing) => SystemReply.Success;

    /// <remarks>A node can be named when a range is reserved, and not afterwards.</remarks>
    protected override SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node) =>
        Refusal(SystemOperation.SetPreferredNode, address, byteCount, ERROR_NOT_SUPPORTED);

    private int CountNodes()
    {
        uint highest = 0;
        return _system.GetNumaHighestNodeNumber(&highest) ? checked((int)highest + 1) : 1;
    }
}

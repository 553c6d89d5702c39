using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Platform;

/// <summary>A platform's calls for memory objects and files, refused.</summary>
public sealed class PlatformObjectScenario : NativeScenario<PlatformCallState>
{
    private const nuint ByteCount = PlatformCallState.ByteCount;

    public override FaultSystems Systems => FaultSystems.PosixLike;

    public override PlatformCallState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(PlatformCallState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(VmPlatform), nameof(VmPlatform.CreateSharedMemory))]
    public static bool CreateSharedMemory(PlatformCallState state)
    {
        SystemReply reply = state.Calls.CreateSharedMemory(ByteCount, "another", out MemoryObjectHandle? handle);
        state.Opened = handle;
        return reply.IsSuccess;
    }

    [Covers(typeof(VmPlatform), nameof(VmPlatform.OpenFile))]
    public static bool OpenFile(PlatformCallState state)
    {
        SystemReply reply = state.Calls.OpenFile("another", MemoryObjectAccess.ReadWrite, ByteCount, out MemoryObjectHandle? handle);
        state.Opened = handle;
        return reply.IsSuccess;
    }

    [Covers(typeof(VmPlatform), nameof(VmPlatform.GetObjectByteCount))]
    public static bool GetObjectByteCount(PlatformCallState state) =>
        state.Calls.GetObjectByteCount(state.File, out ulong byteCount).IsSuccess && byteCount == ByteCount;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.ExtendFile))]
    public static bool ExtendFile(PlatformCallState state) => state.Calls.ExtendFile(state.File, 2 * ByteCount).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.MapObject))]
    public static bool MapObject(PlatformCallState state) => state.Calls.MapObject(
        state.Start + (64 * state.Page), 4 * state.Page, state.Memory, 0, PageProtection.Read, MappingSharing.Shared).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.MapObjectAnywhere))]
    public static bool MapObjectAnywhere(PlatformCallState state)
    {
        SystemReply reply = state.Calls.MapObjectAnywhere(
            ByteCount, state.Memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out nuint address);
        return reply.IsSuccess && Release(state, address);
    }

    [Covers(typeof(VmPlatform), nameof(VmPlatform.UnmapObject))]
    public static bool UnmapObject(PlatformCallState state) =>
        state.Calls.UnmapObject(state.View, 4 * state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.ReleaseObject))]
    public static bool ReleaseObject(PlatformCallState state) =>
        state.ForgetView(state.Calls.ReleaseObject(state.View, ByteCount));

    [Covers(typeof(VmPlatform), nameof(VmPlatform.Synchronize))]
    public static bool Synchronize(PlatformCallState state) => state.Calls.Synchronize(state.View, ByteCount).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.SynchronizeObject))]
    public static bool SynchronizeObject(PlatformCallState state) => state.Calls.SynchronizeObject(state.File).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.PublishCode))]
    public static bool PublishCode(PlatformCallState state) => state.Calls.PublishCode(state.View, state.Page).IsSuccess;

    [Covers(typeof(VmPlatform), nameof(VmPlatform.QueryCopiedPages))]
    public static bool QueryCopiedPages(PlatformCallState state) =>
        state.Calls.QueryCopiedPages(state.View, ByteCount, new ulong[16]).IsSuccess;

    // A refusal passes after two calls.
    private static bool Release(PlatformCallState state, nuint address)
    {
        SystemReply reply;
        do
        {
            reply = state.Calls.ReleaseObject(address, ByteCount);
        }
        while (reply.IsRefused);
        return true;
    }
}

using System.Runtime.Versioning;
using NativeVm.Platform;
using NativeVm.Platform.Windows;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>
/// Every call to Windows refused, one after the other, for every operation of the platform: the refusal is told as what
/// was asked, nothing is left behind, and the operation succeeds when it is repeated.
/// </summary>
[Collection(SimulatedWindows.Collection)]
[SupportedOSPlatform("windows10.0")]
public sealed class RefusedCallTests
{
    private const nuint Granule = SimulatedWindows.Granularity;
    private const int CommitmentLimit = 1455;

    private static readonly Dictionary<string, Func<Scene, SystemReply>> Operations = new(StringComparer.Ordinal)
    {
        ["Commit"] = static scene => scene.Platform.Commit(scene.Reserved, Granule, PageProtection.ReadWrite),
        ["Decommit"] = static scene => scene.Platform.Decommit(scene.Committed, Granule),
        ["Protect"] = static scene => scene.Platform.Protect(scene.Committed, Granule, PageProtection.Read),
        ["Protect a copy"] = static scene => scene.Platform.Protect(scene.Copy, Granule, PageProtection.ReadWrite),
        ["Purge"] = static scene => scene.Platform.Purge(scene.Committed, Granule),
        ["Lock"] = static scene => scene.Platform.Lock(scene.Committed, Granule),
        ["Unlock"] = static scene => scene.Platform.Unlock(scene.Locked, Granule),
        ["Unlock some"] = static scene => scene.Platform.Unlock(scene.Locked, 2 * Granule),
        ["Prefault"] = static scene => scene.Platform.Prefault(scene.Committed, Granule),
        ["Free"] = static scene => scene.Platform.Advise(scene.Committed, Granule, PageAdvice.Free),
        ["WillNeed"] = static scene => scene.Platform.Advise(scene.Committed, Granule, PageAdvice.WillNeed),
        ["InstallGuard"] = static scene => scene.Platform.InstallGuard(scene.Committed, Granule),
        ["RemoveGuard"] = static scene => scene.Platform.RemoveGuard(scene.Committed, Granule, PageProtection.ReadWrite),
        ["QueryResident"] = static scene => scene.Platform.QueryResident(scene.Committed, Granule, out _),
        ["QueryProcess"] = static scene => scene.Platform.QueryProcess(out _),
        ["PublishCode"] = static scene => scene.Platform.PublishCode(scene.Committed, Granule),
        ["Synchronize"] = static scene => scene.Platform.Synchronize(scene.View, Granule),
        ["SynchronizeObject"] = static scene => scene.Platform.SynchronizeObject(scene.File),
        ["GetObjectByteCount"] = static scene => scene.Platform.GetObjectByteCount(scene.File, out _),
        ["ExtendFile"] = static scene => scene.Platform.ExtendFile(scene.File, scene.File.ByteCount + (4 * Granule)),
        ["ReleaseObject"] = static scene => scene.Platform.ReleaseObject(scene.View, Granule),
        ["Release"] = static scene => scene.Platform.Release(scene.Committed, 2 * Granule),
        ["Reserve"] = static scene => scene.TakeBack(
            scene.Platform.Reserve(Granule, Placement.Anywhere, out nuint address), address),
        ["Reserve aligned"] = static scene => scene.TakeBack(
            scene.Platform.Reserve(Granule, Placement.Aligned(1 << 20), out nuint address), address),
        ["Reserve below"] = static scene => scene.TakeBack(
            scene.Platform.Reserve(Granule, Placement.Below((nuint)1 << 31, 1 << 20), out nuint address), address),
        ["MapObjectAnywhere"] = static scene => scene.TakeViewBack(scene.Platform.MapObjectAnywhere(
            Granule, scene.Memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out nuint view), view),
        ["MapObjectAnywhere aligned"] = static scene => scene.TakeViewBack(scene.Platform.MapObjectAnywhere(
            Granule, scene.Memory, 0, PageProtection.Read, MappingSharing.CopyOnWrite, Placement.Aligned(1 << 20), out nuint view), view),
        ["CreateSharedMemory"] = static scene => Close(
            scene.Platform.CreateSharedMemory(Granule, "more", out MemoryObjectHandle? made), made),
        ["OpenFile"] = static scene => Close(
            scene.Platform.OpenFile(scene.Path, MemoryObjectAccess.ReadWrite, 2 * Granule, out MemoryObjectHandle? made), made),
    };

    public static TheoryData<string, bool> Names()
    {
        TheoryData<string, bool> names = [];
        foreach (string name in Operations.Keys)
        {
            names.Add(name, true);
            names.Add(name, false);
        }

        return names;
    }

    [CapabilityTheory(Needs.Posix)]
    [MemberData(nameof(Names))]
    public void A_refused_call_is_told_and_leaves_nothing(string name, bool isNew)
    {
        using SimulatedWindows system = new() { HasDiscard = isNew, HeedsRequirements = isNew, RefusalError = CommitmentLimit };
        WindowsPlatform platform = new(system);
        for (int call = 1; ; call++)
        {
            Assert.True(call < 100, "It does not end.");
            Scene scene = new(platform);
            int handles = system.OpenHandleCount;
            platform.QueryProcess(out ProcessMemory before).ThrowIfRefused();
            system.RefuseCall(call);
            SystemReply reply = Operations[name](scene);
            bool hasRefused = system.HasRefused;
            system.RefuseCall(0);
            if (reply.IsRefused)
            {
                Assert.True(hasRefused, reply.ToString());
                Assert.Equal((CommitmentLimit, ErrorDomain.Win32), (reply.ErrorNumber, reply.Domain));
                Assert.Equal(handles, system.OpenHandleCount);
                platform.QueryProcess(out ProcessMemory after).ThrowIfRefused();
                Assert.Equal(before.MappingCount, after.MappingCount);
                Operations[name](scene).ThrowIfRefused();
            }

            scene.Dispose();
            Assert.Equal((0, 0), (system.OpenHandleCount, system.LockedPageCount));
            if (!hasRefused)
            {
                break;
            }
        }

        platform.QueryProcess(out ProcessMemory end).ThrowIfRefused();
        Assert.Equal(system.ForeignCount, end.MappingCount);
    }

    private static SystemReply Close(SystemReply reply, MemoryObjectHandle? made)
    {
        Assert.Equal(reply.IsRefused, made is null);
        made?.Dispose();
        return reply;
    }

    /// <summary>One range of every sort.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly TemporaryFile _file = new();

        public Scene(WindowsPlatform platform)
        {
            Platform = platform;
            platform.CreateSharedMemory(4 * Granule, "", out MemoryObjectHandle? memory).ThrowIfRefused();
            platform.OpenFile(_file.Path, MemoryObjectAccess.ReadWrite, Granule, out MemoryObjectHandle? file).ThrowIfRefused();
            Memory = memory!;
            File = file!;
            Reserved = Reserve();
            Committed = Reserve();
            platform.Commit(Committed, 2 * Granule, PageProtection.ReadWrite).ThrowIfRefused();
            Locked = Reserve();
            platform.Commit(Locked, 2 * Granule, PageProtection.ReadWrite).ThrowIfRefused();
            platform.Lock(Locked, Granule).ThrowIfRefused();
            View = Map(MappingSharing.Shared, PageProtection.ReadWrite);
            Copy = Map(MappingSharing.CopyOnWrite, PageProtection.Read);
        }

        public WindowsPlatform Platform { get; }

        public string Path => _file.Path;

        public MemoryObjectHandle Memory { get; }

        public MemoryObjectHandle File { get; }

        public nuint Reserved { get; }

        public nuint Committed { get; }

        public nuint Locked { get; }

        public nuint View { get; }

        public nuint Copy { get; }

        public SystemReply TakeBack(SystemReply reply, nuint address)
        {
            Assert.Equal(reply.IsRefused, address == 0);
            return reply.IsRefused ? reply : Insist(() => Platform.Release(address, Granule));
        }

        public SystemReply TakeViewBack(SystemReply reply, nuint address)
        {
            Assert.Equal(reply.IsRefused, address == 0);
            return reply.IsRefused ? reply : Insist(() => Platform.ReleaseObject(address, Granule));
        }

        public void Dispose()
        {
            foreach (nuint range in new[] { Reserved, Committed, Locked })
            {
                Platform.Query(range, out RegionInfo region).ThrowIfRefused();
                if (region.State != PageState.Free)
                {
                    Platform.Release(range, 2 * Granule).ThrowIfRefused();
                }
            }

            foreach (nuint view in new[] { View, Copy })
            {
                Platform.Query(view, out RegionInfo region).ThrowIfRefused();
                if (region.State != PageState.Free)
                {
                    Platform.ReleaseObject(view, Granule).ThrowIfRefused();
                }
            }

            Memory.Dispose();
            File.Dispose();
            _file.Dispose();
        }

        private static SystemReply Insist(Func<SystemReply> act)
        {
            SystemReply reply = act();
            return reply.IsRefused ? act() : reply;
        }

        private nuint Reserve()
        {
            Platform.Reserve(2 * Granule, Placement.Anywhere, out nuint address).ThrowIfRefused();
            return address;
        }

        private nuint Map(MappingSharing sharing, PageProtection protection)
        {
            Platform.MapObjectAnywhere(
                Granule, Memory, 0, protection, sharing, Placement.Anywhere, out nuint view).ThrowIfRefused();
            return view;
        }
    }
}

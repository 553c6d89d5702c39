using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>What happens at the limits of a process. Each runs in a child process under that limit.</summary>
internal static class LimitScenarios
{
    public const string Mono = "mono";
    public const string Native = "native";

    private static readonly nuint MiB = 1 << 20;
    private static readonly nuint GiB = 1 << 30;

    public static void AddressSpaceLimit(string[] arguments)
    {
        VmPlatform platform = Create(arguments);
        foreach (Placement placement in new[]
        {
            Placement.Anywhere, Placement.Aligned(GiB), Placement.Below(64 * GiB), Placement.At(64 * GiB),
        })
        {
            SystemReply reply = platform.Reserve(16 * GiB, placement, out nuint address);
            AssertReply(reply, RefusalReason.AddressSpaceLimit, "ulimit -v");
            Assert.Equal(0u, address);
        }

        using PlatformRange small = PlatformRange.Commit(platform, MiB);
        small.Bytes().Fill(1);
    }

    public static void LockLimit(string[] arguments)
    {
        Capabilities.DropLocking();
        VmPlatform platform = Create(arguments);
        using PlatformRange range = PlatformRange.Commit(platform, 4 * MiB);
        AssertReply(platform.Lock(range.Address, 4 * MiB), RefusalReason.LockLimit, "ulimit -l");
        platform.Lock(range.Address, platform.PageSize).ThrowIfRefused();
        platform.Unlock(range.Address, 4 * MiB).ThrowIfRefused();
    }

    public static void DataLimit(string[] arguments)
    {
        VmPlatform platform = Create(arguments);
        using PlatformRange range = PlatformRange.Reserve(platform, 4 * GiB);
        SystemReply reply = platform.Commit(range.Address, 4 * GiB, PageProtection.ReadWrite);
        AssertReply(reply, RefusalReason.DataLimit, "ulimit -d");
        platform.Query(range.Address, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageState.Reserved, region.State);
        platform.Commit(range.Address, MiB, PageProtection.ReadWrite).ThrowIfRefused();
        range.Bytes(0, MiB).Fill(1);
    }

    public static void MappingLimit(string[] arguments)
    {
        VmPlatform platform = Create(arguments);
        nuint page = platform.PageSize;
        nuint limit = platform.MappingLimit;
        using PlatformRange filler = PlatformRange.Reserve(platform, 3 * limit * page, Placement.Aligned(GiB));
        using PlatformRange block = PlatformRange.Commit(platform, 64 * page, Placement.Aligned(GiB));
        platform.CreateSharedMemory(page, "cap", out MemoryObjectHandle? memory).ThrowIfRefused();
        block.Bytes().Fill(0x77);

        // Once with room, and with refusals of other kinds, so that what is needed at the cap is compiled; then as many
        // as there can be. Nothing is asserted before the filler is gone: at the cap the runtime itself may fail.
        _ = AtTheCap(platform, filler, block, memory!, pairs: 8);
        Assert.True(platform.Reserve(platform.HighestAddress, Placement.Anywhere, out _).IsRefused);
        Assert.True(platform.Commit(platform.HighestAddress, page, PageProtection.ReadWrite).IsRefused);
        Assert.True(platform.Decommit(platform.HighestAddress, page).IsRefused);
        block.Bytes().Fill(0x77);
        AtTheCapReplies replies = AtTheCap(platform, filler, block, memory!, pairs: limit);

        AssertReply(replies.Filling, RefusalReason.MappingLimit, "vm.max_map_count");
        AssertReply(replies.CommitInTheMiddle, RefusalReason.MappingLimit, "vm.max_map_count");
        AssertReply(replies.ProtectInTheMiddle, RefusalReason.MappingLimit, "vm.max_map_count");
        AssertReply(replies.MapInTheMiddle, RefusalReason.MappingLimit, "vm.max_map_count");
        AssertReply(replies.DecommitInTheMiddle, RefusalReason.MappingLimit, "vm.max_map_count");
        Assert.True(replies.DecommitOfAWholeMapping.IsSuccess, replies.DecommitOfAWholeMapping.ToString());
        Assert.True(replies.BlockIsUnharmed);
        Assert.True(replies.ReservedIsStillReserved);
        Assert.True(replies.Purge.IsSuccess, replies.Purge.ToString());
    }

    private static AtTheCapReplies AtTheCap(
        VmPlatform platform, PlatformRange filler, PlatformRange block, MemoryObjectHandle memory, nuint pairs)
    {
        nuint page = platform.PageSize;
        AtTheCapReplies replies = default;
        nuint top = filler.End - page;
        nuint used = 0;
        for (; used < pairs && replies.Filling.IsSuccess; used++)
        {
            replies.Filling = platform.Commit(filler.Address + (2 * used * page), page, PageProtection.ReadWrite);
        }

        // The last few, one mapping at a time: the edge of what is reserved splits once, the middle twice.
        if (replies.Filling.IsRefused)
        {
            _ = platform.Commit(top, page, PageProtection.Read);
            _ = platform.Commit(top - page, page, PageProtection.ReadWrite);
            _ = platform.Commit(top - (2 * page), page, PageProtection.Read);
        }

        nuint middle = top - (16 * page);
        replies.CommitInTheMiddle = platform.Commit(middle, page, PageProtection.ReadWrite);
        replies.ProtectInTheMiddle = platform.Protect(block.Address + (32 * page), page, PageProtection.Read);
        replies.MapInTheMiddle = platform.MapObject(
            block.Address + (24 * page), page, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared);
        replies.DecommitInTheMiddle = platform.Decommit(block.Address + (16 * page), page);

        // In the first round the decommit succeeds, and only the pages beside it can be looked at.
        Span<byte> bytes = replies.DecommitInTheMiddle.IsRefused ? block.Bytes() : block.Bytes(0, 16 * page);
        replies.BlockIsUnharmed = !bytes.ContainsAnyExcept((byte)0x77);
        replies.ReservedIsStillReserved = platform.Query(middle, out RegionInfo region).IsSuccess && region.State == PageState.Reserved;
        replies.Purge = platform.Purge(block.Address + (48 * page), page);
        replies.DecommitOfAWholeMapping = platform.Decommit(filler.Address + (2 * page), page);
        _ = platform.Decommit(filler.Address, filler.ByteCount);
        _ = platform.UnmapObject(block.Address + (24 * page), page);
        _ = platform.Commit(block.Address, block.ByteCount, PageProtection.ReadWrite);
        return replies;
    }

    private static void AssertReply(SystemReply reply, RefusalReason reason, string setting)
    {
        Assert.Equal(reason, reply.Reason);
        Assert.Contains(setting, reply.ToString(), StringComparison.Ordinal);
    }

    private static PosixPlatform Create(string[] arguments) =>
        new(arguments[0] == Mono ? MonoPosixBinding.TryCreate()! : new NativePosixBinding());

    private struct AtTheCapReplies
    {
        public SystemReply Filling;
        public SystemReply CommitInTheMiddle;
        public SystemReply ProtectInTheMiddle;
        public SystemReply DecommitInTheMiddle;
        public SystemReply MapInTheMiddle;
        public SystemReply DecommitOfAWholeMapping;
        public SystemReply Purge;
        public bool BlockIsUnharmed;
        public bool ReservedIsStillReserved;
    }
}

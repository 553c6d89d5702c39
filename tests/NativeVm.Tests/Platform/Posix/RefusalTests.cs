using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>What each error number of Linux is told as, and that the state is what it was.</summary>
public sealed class RefusalTests
{
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int BadFile = 9;
    private const int Again = 11;
    private const int NoMemory = 12;
    private const int AccessDenied = 13;
    private const int Fault = 14;
    private const int Exists = 17;
    private const int NoDevice = 19;
    private const int Invalid = 22;
    private const int FilesFull = 23;
    private const int FileTooBig = 27;
    private const int NoSystemCall = 38;
    private const int NotSupported = 95;
    private const int QuotaExceeded = 122;
    private const int InputOutput = 5;

    private static readonly nuint MiB = 1 << 20;

    [CapabilityTheory(Needs.Linux)]
    [InlineData(SystemOperation.Commit, NoMemory, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.Commit, Again, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.Protect, AccessDenied, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.Protect, NotPermitted, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.Lock, NotPermitted, RefusalReason.LockLimit)]
    [InlineData(SystemOperation.Lock, Invalid, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.Unlock, Fault, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.Advise, BadFile, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.Advise, NoSystemCall, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.Advise, InputOutput, RefusalReason.Other)]
    [InlineData(SystemOperation.Purge, NotSupported, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.Synchronize, BadFile, RefusalReason.Other)]
    [InlineData(SystemOperation.Synchronize, InputOutput, RefusalReason.Other)]
    [InlineData(SystemOperation.MapObjectAnywhere, Exists, RefusalReason.AddressInUse)]
    [InlineData(SystemOperation.MapObjectAnywhere, NoEntry, RefusalReason.NotFound)]
    [InlineData(SystemOperation.MapObjectAnywhere, FilesFull, RefusalReason.HandleLimit)]
    [InlineData(SystemOperation.MapObjectAnywhere, FileTooBig, RefusalReason.DeviceFull)]
    [InlineData(SystemOperation.MapObjectAnywhere, QuotaExceeded, RefusalReason.DeviceFull)]
    [InlineData(SystemOperation.MapObjectAnywhere, NoDevice, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.MapObjectAnywhere, NoMemory, RefusalReason.NoAddressSpace)]
    [InlineData(SystemOperation.InstallGuard, NoMemory, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.RemoveGuard, Invalid, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.CommitHugePages, NoMemory, RefusalReason.NoHugePages)]
    [InlineData(SystemOperation.CommitHugePages, NotPermitted, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.CommitHugePages, Invalid, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.CommitHugePages, NoDevice, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.CommitHugePages, InputOutput, RefusalReason.Other)]
    public void An_error_number_means_what_the_operation_makes_of_it(
        SystemOperation operation, int error, RefusalReason reason)
    {
        RefusingBinding binding = new();
        PosixPlatform platform = new(binding);
        nuint byteCount = nuint.Max(2 * MiB, platform.HugePageSize);
        if (operation == SystemOperation.CommitHugePages && platform.HugePageSize == 0)
        {
            return;
        }

        using PlatformRange range = PlatformRange.Commit(platform, byteCount, Placement.Aligned((nuint)1 << 30));
        range.Bytes(0, platform.PageSize).Fill(1);
        platform.CreateSharedMemory(MiB, "", out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle memory = handle!;
        binding.Error = error;
        SystemReply reply = operation switch
        {
            SystemOperation.Commit => platform.Commit(range.Address, byteCount, PageProtection.ReadWrite),
            SystemOperation.Protect => platform.Protect(range.Address, byteCount, PageProtection.Read),
            SystemOperation.Lock => platform.Lock(range.Address, byteCount),
            SystemOperation.Unlock => platform.Unlock(range.Address, byteCount),
            SystemOperation.Advise => platform.Advise(range.Address, byteCount, PageAdvice.Sequential),
            SystemOperation.Purge => platform.Purge(range.Address, byteCount),
            SystemOperation.Synchronize => platform.Synchronize(range.Address, byteCount),
            SystemOperation.InstallGuard => platform.InstallGuard(range.Address, byteCount),
            SystemOperation.RemoveGuard => platform.RemoveGuard(range.Address, byteCount, PageProtection.ReadWrite),
            SystemOperation.CommitHugePages => platform.CommitHugePages(range.Address, byteCount, PageProtection.ReadWrite),
            _ => platform.MapObjectAnywhere(
                MiB, memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out _),
        };
        binding.Error = 0;
        Assert.Equal((reason, error, ErrorDomain.Errno), (reply.Reason, reply.ErrorNumber, reply.Domain));
        Assert.Equal(operation, reply.Operation);
        Assert.False(range.Bytes(0, platform.PageSize).ContainsAnyExcept((byte)1));
        range.Bytes().Fill(2);
    }

    [CapabilityTheory(Needs.Linux)]
    [InlineData("always [madvise] never", "2097152", true)]
    [InlineData("always madvise [never]", "2097152", false)]
    public void Transparent_huge_pages_are_there_unless_they_are_switched_off(string mode, string size, bool isOn)
    {
        PosixPlatform platform = new(new RefusingBinding
        {
            Texts = new() { ["/enabled"] = mode + "\n", ["/hpage_pmd_size"] = size + "\n" },
        });
        Assert.True(isOn || !platform.Supports(PageAdvice.HugePages));
        Assert.Equal((nuint)2 << 20, platform.HugePageSize);
    }

    [CapabilityFact(Needs.Linux)]
    public void Without_the_size_of_transparent_huge_pages_that_of_explicit_ones_counts()
    {
        PosixPlatform platform = new(new RefusingBinding
        {
            Texts = new() { ["/hpage_pmd_size"] = "", ["/meminfo"] = "MemTotal: 1 kB\nHugepagesize:    1024 kB\n" },
        });
        Assert.Equal((nuint)1 << 20, platform.HugePageSize);
    }

    [CapabilityFact(Needs.Linux)]
    public void Copied_pages_are_not_told_without_a_page_map_and_not_invented_from_a_short_one()
    {
        Span<ulong> copies = stackalloc ulong[1];
        PosixPlatform platform = new(new RefusingBinding { Texts = new() { ["/pagemap"] = "" } });
        using PlatformRange range = PlatformRange.Commit(platform, platform.PageSize);
        SystemReply reply = platform.QueryCopiedPages(range.Address, platform.PageSize, copies);
        Assert.Equal((SystemOperation.QueryCopiedPages, RefusalReason.InvalidRange), (reply.Operation, reply.Reason));
        PosixPlatform poor = new(new PoorSystemBinding { HasNoProc = true });
        Assert.Equal(RefusalReason.NotSupported, poor.QueryCopiedPages(range.Address, platform.PageSize, copies).Reason);
        Assert.Throws<ArgumentException>(() => poor.QueryCopiedPages(range.Address, 65 * platform.PageSize, new ulong[1]));
    }
}

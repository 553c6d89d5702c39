using NativeVm.Platform;
using NativeVm.Platform.Windows;

namespace NativeVm.Tests.Platform.Windows;

public class WindowsErrorsTests
{
    [Theory]
    [InlineData(SystemOperation.Reserve, 8, RefusalReason.NoAddressSpace)]
    [InlineData(SystemOperation.Reserve, 87, RefusalReason.NoAddressSpace)]
    [InlineData(SystemOperation.Reserve, 487, RefusalReason.AddressInUse)]
    [InlineData(SystemOperation.Reserve, 1455, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.Commit, 8, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.Commit, 1455, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.Commit, 487, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.Release, 487, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.Protect, 87, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.Lock, 1453, RefusalReason.LockLimit)]
    [InlineData(SystemOperation.Lock, 998, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.Lock, 1314, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.Protect, 5, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.Advise, 50, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.Purge, 120, RefusalReason.NotSupported)]
    [InlineData(SystemOperation.Commit, 31, RefusalReason.Other)]
    [InlineData(SystemOperation.CommitHugePages, 1450, RefusalReason.NoHugePages)]
    [InlineData(SystemOperation.Commit, 1450, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.CreateSharedMemory, 1454, RefusalReason.OutOfMemory)]
    [InlineData(SystemOperation.ReservePlaceholder, 8, RefusalReason.NoAddressSpace)]
    [InlineData(SystemOperation.MapObjectAnywhere, 487, RefusalReason.AddressInUse)]
    [InlineData(SystemOperation.OpenFile, 2, RefusalReason.NotFound)]
    [InlineData(SystemOperation.OpenFile, 3, RefusalReason.NotFound)]
    [InlineData(SystemOperation.OpenFile, 123, RefusalReason.NotFound)]
    [InlineData(SystemOperation.OpenFile, 161, RefusalReason.NotFound)]
    [InlineData(SystemOperation.OpenFile, 4, RefusalReason.HandleLimit)]
    [InlineData(SystemOperation.OpenFile, 112, RefusalReason.DeviceFull)]
    [InlineData(SystemOperation.ExtendFile, 39, RefusalReason.DeviceFull)]
    [InlineData(SystemOperation.OpenFile, 38, RefusalReason.InvalidRange)]
    [InlineData(SystemOperation.OpenFile, 32, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.OpenFile, 19, RefusalReason.AccessDenied)]
    [InlineData(SystemOperation.Unlock, 158, RefusalReason.InvalidRange)]
    public void An_error_number_means_what_the_operation_makes_of_it(
        SystemOperation operation, int error, RefusalReason reason) =>
        Assert.Equal(reason, WindowsErrors.ReasonOf(operation, error));

    [Theory]
    [InlineData(RefusalReason.OutOfMemory, 1455, "page file")]
    [InlineData(RefusalReason.LockLimit, 1453, "SetProcessWorkingSetSize")]
    [InlineData(RefusalReason.AddressInUse, 487, "another address")]
    public void A_refusal_names_the_error_and_the_remedy(RefusalReason reason, int error, string remedy)
    {
        string text = SystemReply
            .Refused(SystemOperation.Commit, 0x10000, 65536, reason, ErrorDomain.Win32, error)
            .ToString();
        Assert.Contains("65,536 bytes at 0x10000", text, StringComparison.Ordinal);
        Assert.Contains($"Win32 error {error}", text, StringComparison.Ordinal);
        Assert.Contains(remedy, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(unchecked((int)0x8007_007A), 122)]
    [InlineData(unchecked((int)0x8000_4001), unchecked((int)0x8000_4001))]
    public void The_error_number_is_taken_out_of_an_HRESULT_that_carries_one(int result, int error) =>
        Assert.Equal(error, WindowsErrorReporting.ErrorOf(result));
}

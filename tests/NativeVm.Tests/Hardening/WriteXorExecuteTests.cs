using NativeVm.Platform;
using NativeVm.Tests.Map;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Hardening;

/// <summary>No page of a map is ever writable and executable, whatever is asked for.</summary>
public sealed class WriteXorExecuteTests
{
    private const PageProtection Both = PageProtection.ReadWrite | PageProtection.Execute;

    [Fact]
    public void Whatever_asks_for_both_is_misuse()
    {
        using VmMap map = TestMaps.Real(1 << 20);
        nuint page = map.PageSize;
        map.Find(4 * page, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        VmEntryAttributes both = VmEntryAttributes.ReadWrite with { Protection = Both };
        foreach (PageProtection wanted in new[] { Both, PageProtection.Write | PageProtection.Execute })
        {
            Assert.ThrowsAny<ArgumentException>(() => map.Protect(address, page, wanted));
            Assert.ThrowsAny<ArgumentException>(() => map.Commit(address, page, wanted));
            Assert.ThrowsAny<ArgumentException>(() => map.Platform.Protect(address, page, wanted));
            Assert.ThrowsAny<ArgumentException>(() => map.Platform.Commit(address, page, wanted));
        }

        Assert.ThrowsAny<ArgumentException>(() => map.Find(page, both, out _));
        Assert.ThrowsAny<ArgumentException>(() => map.FindFixed(address + (8 * page), page, both));
        map.Validate();
    }

    [CapabilityFact(Needs.Linux | Needs.Smaps)]
    public void In_any_sequence_of_operations_the_system_says_that_no_page_is_both()
    {
        const int PageCount = 64;
        using VmMap map = TestMaps.Real(PageCount * VmPlatform.Current.PageSize);
        nuint page = map.PageSize;
        PageProtection[] protections =
        [
            PageProtection.None, PageProtection.Read, PageProtection.ReadWrite, PageProtection.ReadExecute, PageProtection.Execute, Both,
        ];
        Random random = new(5);
        int refusedCount = 0;
        for (int step = 0; step < 3000; step++)
        {
            nuint first = (nuint)random.Next(PageCount);
            nuint start = map.MinAddress + (first * page);
            nuint byteCount = (nuint)random.Next(1, PageCount - (int)first + 1) * page;
            PageProtection protection = protections[random.Next(protections.Length)];
            try
            {
                _ = random.Next(7) switch
                {
                    0 => map.FindFixed(start, byteCount, VmEntryAttributes.ReadWrite with { Protection = protection }),
                    1 => map.Protect(start, byteCount, protection),
                    2 => map.Commit(start, byteCount, protection),
                    3 => map.Decommit(start, byteCount),
                    4 => map.Guard(start, byteCount),
                    5 => map.Unguard(start, byteCount),
                    _ => map.Remove(start, byteCount),
                };
            }
            catch (ArgumentException)
            {
                refusedCount += protection == Both ? 1 : 0;
            }

            if (step % 10 == 0)
            {
                Assert.DoesNotContain(Lines(map), static line => line.Contains("rwx", StringComparison.Ordinal));
            }
        }

        Assert.InRange(refusedCount, 50, 1500);
        map.Validate();
    }

    private static IEnumerable<string> Lines(VmMap map) => File.ReadLines("/proc/self/maps").Where(line =>
    {
        nuint start = nuint.Parse(line.AsSpan(0, line.IndexOf('-', StringComparison.Ordinal)), System.Globalization.NumberStyles.HexNumber, null);
        return start >= map.MinAddress && start < map.MaxAddress;
    });
}

using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>A process that is filled with mappings by a map. Runs in a child process.</summary>
internal static unsafe class BudgetScenarios
{
    /// <summary>
    /// Finds pages of two protections, one after the other, none of which joins its neighbour, until the map says that
    /// there are no more; the process has then mappings left, and is none the worse.
    /// </summary>
    public static void FillWithMappings(string[] arguments)
    {
        nuint limit = VmPlatform.Current.MappingLimit;
        using VmMap map = TestMaps.Real(4 * limit * VmPlatform.Current.PageSize);
        nuint page = map.PageSize;
        VmEntryAttributes read = VmEntryAttributes.ReadWrite with { Protection = PageProtection.Read };
        nuint large = map.MaxAddress - (256 * page);
        Assert.Equal(VmResult.Success, map.FindFixed(large, 256 * page, VmEntryAttributes.ReadWrite));
        VmResult result = VmResult.Success;
        nuint count = 0;
        for (; result.IsSuccess && count < 2 * limit; count++)
        {
            result = map.FindFixed(map.MinAddress + (count * page), page, count % 2 == 0 ? VmEntryAttributes.ReadWrite : read);
        }

        Assert.True(result.Refusal.Reason == RefusalReason.MappingLimit, $"{result} after {count}");
        Assert.Contains("vm.max_map_count", result.ToString(), StringComparison.Ordinal);
        map.Platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        Assert.InRange(memory.MappingCount, limit * 9 / 10, limit - (limit / 64));

        // What needs no further mapping goes on; and the process is as well as ever: threads, garbage, code.
        *(byte*)map.MinAddress = 1;
        VmResult wired = VmResult.Success;
        for (nuint i = 1; i < 255 && wired.IsSuccess; i += 2)
        {
            // The runtime may have given some of its own back meanwhile.
            wired = map.Wire(large + (i * page), page);
        }

        Assert.Equal(RefusalReason.MappingLimit, wired.Refusal.Reason);
        Assert.Equal(VmResult.Success, map.Protect(map.MinAddress, 2 * page, PageProtection.Read));
        Assert.Equal(VmResult.Success, map.Advise(map.MinAddress, page, VmAdvice.DontNeed));
        TestThreads.Run(20, _ => GC.KeepAlive(new byte[1 << 20]));
        GC.Collect();
        map.Validate();

        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, map.MaxAddress - map.MinAddress));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress, page, read));

        // Random blocks: in tight times what is given back in the middle stays, empty, and the process never runs out.
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, page));
        nuint blocks = limit;
        Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress, 2 * blocks * page, VmEntryAttributes.Reserved));
        for (nuint i = 0; i < blocks; i++)
        {
            nuint block = map.MinAddress + (2 * i * page);
            map.Commit(block, page, PageProtection.ReadWrite).ThrowIfFailed();
            *(byte*)block = 9;
        }

        Assert.Equal(blocks * page, map.GetStatistics().CommittedByteCount);
        Assert.True(map.GetStatistics().RetainedByteCount > 0);
        for (nuint i = 0; i < blocks; i += 3)
        {
            nuint block = map.MinAddress + (2 * i * page);
            map.Decommit(block, page).ThrowIfFailed();
            map.Commit(block, page, PageProtection.ReadWrite).ThrowIfFailed();
            Assert.Equal(0, *(byte*)block);
        }

        map.Validate();
        map.Platform.QueryProcess(out memory).ThrowIfRefused();
        Assert.True(memory.MappingCount < limit - (limit / 64));
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, 2 * blocks * page));
        Assert.Equal((nuint)0, map.GetStatistics().RetainedByteCount);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }
}

using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>Guards on real pages: what they cost in mappings, and that they kill.</summary>
[Collection(nameof(ResidentSetTests))]
public sealed unsafe class RealGuardTests
{
    private const int GuardCount = 65_536;

    [CapabilityFact(Needs.GuardRegions)]
    public void Sixty_five_thousand_guards_in_one_map_add_no_mapping()
    {
        using VmMap map = TestMaps.Real((nuint)GuardCount * 4 * 4096);
        nuint page = map.PageSize;
        Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress, GuardCount * 2 * page, VmEntryAttributes.ReadWrite));
        Assert.Equal((nuint)2, map.GetStatistics().MappingCount);
        for (nuint i = 0; i < GuardCount; i++)
        {
            Assert.Equal(VmResult.Success, map.Guard(map.MinAddress + (((2 * i) + 1) * page), page));
        }

        Assert.Equal((nuint)2, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)(2 * GuardCount), map.GetStatistics().EntryCount);
        *(byte*)(map.MinAddress + (2 * page)) = 1;
        map.Validate();
        Assert.Equal(VmResult.Success, map.Unguard(map.MinAddress, GuardCount * 2 * page));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        new Span<byte>((void*)map.MinAddress, (int)(64 * page)).Fill(7);
    }

    [CapabilityFact(Needs.GuardRegions)]
    public void Blocks_found_with_guards_side_by_side_are_one_mapping()
    {
        using VmMap map = TestMaps.Real(64 << 20);
        nuint page = map.PageSize;
        SpaceRequest request = new(2 * page) { GuardBefore = page, GuardAfter = page };
        List<nuint> blocks = [];
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.ReadWrite with { Tag = (ulong)i }, out nuint block));
            new Span<byte>((void*)block, (int)(2 * page)).Fill((byte)i);
            blocks.Add(block);
        }

        Assert.Equal((nuint)2, map.GetStatistics().MappingCount);
        foreach (nuint block in blocks)
        {
            Assert.Equal(VmResult.Success, map.Remove(block, 2 * page));
        }

        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        map.Validate();
    }

    [Fact]
    public void Guards_on_this_system_come_and_go()
    {
        using VmMap map = TestMaps.Real(1 << 20);
        nuint page = map.PageSize;
        SpaceRequest request = new(3 * page) { GuardBefore = page, GuardAfter = page };
        Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.ReadWrite, out nuint address));
        Span<byte> bytes = new((void*)address, (int)(3 * page));
        bytes.Fill(3);
        Assert.Equal(VmResult.Success, map.Guard(address + page, page));
        Assert.Equal(VmResult.Success, map.Unguard(address + page, page));
        Assert.Equal(3, bytes[0]);
        Assert.Equal(map.Platform.Supports(PlatformCapabilities.PurgeReadsZero) ? 0 : bytes[(int)page], bytes[(int)page]);
        bytes.Fill(4);
        Assert.Equal(VmResult.Success, map.Remove(address, 3 * page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        map.Validate();
    }

    [CapabilityTheory(Needs.Posix)]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("inside")]
    [InlineData("stack")]
    public void An_access_to_a_guard_kills(string where)
    {
        ChildResult result = ChildProcess.Run(nameof(GuardScenarios.RunIntoGuard), where);
        Assert.Contains(ChildScenarios.ReachedFault, result.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain(GuardScenarios.Survived, result.Output, StringComparison.Ordinal);
    }
}

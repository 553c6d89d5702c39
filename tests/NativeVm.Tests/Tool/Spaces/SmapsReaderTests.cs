using NativeVm.Tests.Support;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Spaces;
using NativeVm.Tool.Traces;

namespace NativeVm.Tests.Tool.Spaces;

public class SmapsReaderTests
{
    private const string Text = """
        5581f2a00000-5581f2a28000 r-xp 00000000 fe:00 1311 /usr/bin/a name with  spaces
        Size:                160 kB
        Rss:                 100 kB
        Private_Dirty:         8 kB
        7f0000000000-7f0000400000 rw-s 00000000 00:00 0
        Rss:                2048 kB
        AnonHugePages:      2048 kB
        Swap:                 12 kB
        Locked:                4 kB
        VmFlags: rd wr mr mw
        NewLabelOfALaterKernel:  77 kB
        7f0000400000-7f0000600000 ---p 00000000 00:00 0
        7f0000600000-7f0000800000 rw-p 00000000 00:0f 5                          /anon_hugepage (deleted)
        Rss:                   0 kB
        Private_Hugetlb:    2048 kB
        """;

    [Fact]
    public void Figures_belong_to_the_mapping_before_them()
    {
        List<SpaceRegion> regions = SmapsReader.Read(new StringReader(Text));
        Assert.Equal(4, regions.Count);
        Assert.Equal(
            new SpaceRegion(0x5581f2a00000, 0x5581f2a28000, TraceProtection.Read | TraceProtection.Execute)
            {
                Name = "/usr/bin/a name with  spaces",
                Resident = 100 << 10,
                PrivateDirty = 8 << 10,
            },
            regions[0]);
        Assert.Equal("rw-s", regions[1].AccessText);
        Assert.Equal((2048ul << 10, 2048ul << 10, 12ul << 10, 4ul << 10), (regions[1].Resident, regions[1].Huge, regions[1].Swapped, regions[1].Locked));
        Assert.Equal((CellKind.Reserved, 0ul), (regions[2].Kind, regions[2].Resident));
        Assert.Equal((2048ul << 10, 2048ul << 10), (regions[3].Resident, regions[3].Huge));
    }

    [Fact]
    public void Sums_and_gaps_are_those_of_the_regions()
    {
        AddressSpace space = new("it", SmapsReader.Read(new StringReader(Text)), HasResidency: true);
        Assert.Equal((160ul << 10) + (8 << 20), space.Mapped);
        Assert.Equal((160ul << 10) + (6 << 20), space.Accessible);
        Assert.Equal((0x5581f2a28000ul, 0x7f0000000000ul), Assert.Single(space.Gaps()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("Rss: 12 kB")]
    [InlineData("zzzz-yyyy r-xp 0 0 0")]
    [InlineData("2000-1000 r-xp 0 0 0")]
    [InlineData("1000-2000")]
    [InlineData("1000-20000000000000000 r-xp 0 0 0")]
    public void What_is_no_mapping_is_passed_over(string text) =>
        Assert.Empty(SmapsReader.Read(new StringReader(text)));

    [Fact]
    public void A_figure_that_no_number_holds_is_passed_over()
    {
        SpaceRegion region = Assert.Single(SmapsReader.Read(new StringReader("1000-2000 rw-p 0 0 0\nRss: 99999999999999999999 kB\nSwap: 18446744073709551615 kB\n")));
        Assert.Equal((0ul, 0ul), (region.Resident, region.Swapped));
    }

    [CapabilityFact(Needs.Smaps)]
    public void Memory_of_this_process_is_seen_as_it_is()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 8 << 20 });
        map.Find(1 << 20, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        unsafe
        {
            new Span<byte>((void*)address, 1 << 19).Fill(1);
        }

        AddressSpace space = SpaceSource.Open(SpaceSource.Self, TraceMoment.Peak).TryRead()!;
        SpaceRegion region = Assert.Single(space.Regions, region => region.Start <= address && address < region.End);
        Assert.Equal(CellKind.ReadWrite, region.Kind);
        Assert.True(region.Resident >= 1 << 19);
        Assert.Equal(space.Regions.OrderBy(one => one.Start), space.Regions);
    }
}

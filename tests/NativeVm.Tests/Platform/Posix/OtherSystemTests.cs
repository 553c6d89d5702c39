using System.Runtime.InteropServices;
using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Platform.Posix.Native;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>What the platform does above its calls where the system is macOS, FreeBSD, or Linux on another processor.</summary>
public sealed class OtherSystemTests
{
    private const string Maps = """
        aaaad0000000-aaaad0001000 r-xp 00000000 08:01 1234 /bin/a
        fffff0000000-fffff0021000 rw-p 00000000 00:00 0 [stack]
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]

        """;

    private static readonly nuint MiB = 1 << 20;
    private static readonly nuint GiB = 1 << 30;

    [CapabilityTheory(Needs.Linux)]
    [InlineData(1, Architecture.X64, "osx-x64", 0x1_0000_0000UL, 0x7fff_ffe0_0000UL)]
    [InlineData(1, Architecture.Arm64, "osx-arm64", 0x1_0000_0000UL, 0x7fff_fe00_0000UL)]
    [InlineData(2, Architecture.X64, "freebsd-x64", 0UL, 0x7fff_ffff_f000UL)]
    public void Each_system_has_its_bounds_and_no_more_than_it_can(
        int system, Architecture architecture, string name, ulong lowest, ulong highest)
    {
        PosixPlatform platform = new(new RefusingBinding
        {
            Pretended = (PosixSystem)system,
            PretendedArchitecture = architecture,
        });
        Assert.StartsWith(name + " (", platform.Name, StringComparison.Ordinal);
        Assert.Equal((nuint)highest, platform.HighestAddress);
        Assert.Equal(lowest == 0 ? platform.PageSize : (nuint)lowest, platform.LowestAddress);
        Assert.Equal((0u, 0u, 1), (platform.HugePageSize, platform.MappingLimit, platform.NumaNodeCount));
        Assert.False(platform.Supports(PlatformCapabilities.ExplicitHugePages));
    }

    [CapabilityTheory(Needs.Linux)]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_a_list_of_mappings_places_are_found_by_trying_and_no_figure_is_invented(int system)
    {
        PosixPlatform platform = new(new RefusingBinding { Pretended = (PosixSystem)system });
        using PlatformRange range = PlatformRange.Commit(platform, MiB, Placement.Between(64 * GiB, (nuint)1 << 46, MiB));
        range.Bytes().Fill(1);
        Assert.Equal(0u, range.Address & (MiB - 1));
        Assert.Equal(RefusalReason.NotSupported, platform.Query(range.Address, out _).Reason);
        Assert.Equal(RefusalReason.NotSupported, platform.CountMappings(range.Address, MiB, out _).Reason);
        Assert.Equal(RefusalReason.NotSupported, platform.QueryCopiedPages(range.Address, MiB, new ulong[4]).Reason);
        platform.QueryResident(range.Address, MiB, out nuint resident).ThrowIfRefused();
        Assert.Equal(MiB, resident);
        Assert.Equal(RefusalReason.NoAddressSpace, platform.Reserve(MiB, Placement.Between(range.Address, range.End), out _).Reason);
        platform.Decommit(range.Address, MiB).ThrowIfRefused();
    }

    [CapabilityFact(Needs.Linux)]
    public void Where_there_is_minherit_every_mapping_takes_every_inheritance()
    {
        RefusingBinding binding = new() { Pretended = PosixSystem.FreeBSD };
        PosixPlatform platform = new(binding);
        using PlatformRange range = PlatformRange.Commit(platform, MiB);
        foreach (PageInheritance inheritance in Enum.GetValues<PageInheritance>())
        {
            foreach (MappingSharing sharing in Enum.GetValues<MappingSharing>())
            {
                Assert.True(platform.Supports(inheritance, sharing));
                platform.SetInheritance(range.Address, MiB, inheritance, sharing).ThrowIfRefused();
                Assert.Equal(
                    inheritance switch { PageInheritance.Share => 0, PageInheritance.Copy => 1, _ => 2 },
                    binding.LastInheritance);
            }
        }

        binding.Error = 13;
        Assert.Equal(RefusalReason.AccessDenied, platform.SetInheritance(range.Address, MiB, PageInheritance.None).Reason);
        binding.Error = 0;
    }

    [CapabilityTheory(Needs.Linux)]
    [InlineData(Maps, 1UL << 48)]
    [InlineData("", 1UL << 48)]
    [InlineData("7fe0000000-7fe0021000 rw-p 00000000 00:00 0 [stack]\n", 1UL << 39)]
    public void On_other_processors_the_address_space_ends_above_the_stack(string maps, ulong highest)
    {
        PosixPlatform platform = new(new RefusingBinding
        {
            PretendedArchitecture = Architecture.Arm64,
            Texts = new() { ["/self/maps"] = maps },
        });
        Assert.Equal((nuint)highest, platform.HighestAddress);
    }

    [CapabilityFact(Needs.Linux)]
    public void Where_instruction_caches_follow_no_write_code_is_published_or_the_refusal_says_so()
    {
        PosixPlatform platform = new(new RefusingBinding { PretendedArchitecture = Architecture.Arm64, LacksCodeCache = true });
        using PlatformRange range = PlatformRange.Commit(platform, platform.PageSize);
        SystemReply reply = platform.PublishCode(range.Address, platform.PageSize);
        Assert.Equal((SystemOperation.PublishCode, RefusalReason.NotSupported), (reply.Operation, reply.Reason));
        platform = new PosixPlatform(new RefusingBinding { PretendedArchitecture = Architecture.Arm64 });
        reply = platform.PublishCode(range.Address, platform.PageSize);
        Assert.True(reply.IsSuccess || reply.Reason == RefusalReason.NotSupported, reply.ToString());
    }

    [Theory]
    [InlineData(0, 11, PosixError.Again)]
    [InlineData(1, 35, PosixError.Again)]
    [InlineData(2, 35, PosixError.Again)]
    [InlineData(0, 35, PosixError.Other)]
    [InlineData(1, 11, PosixError.Other)]
    [InlineData(0, 122, PosixError.DeviceFull)]
    [InlineData(1, 69, PosixError.DeviceFull)]
    [InlineData(2, 69, PosixError.DeviceFull)]
    [InlineData(0, 38, PosixError.NotSupported)]
    [InlineData(0, 95, PosixError.NotSupported)]
    [InlineData(1, 45, PosixError.NotSupported)]
    [InlineData(1, 78, PosixError.NotSupported)]
    [InlineData(1, 102, PosixError.NotSupported)]
    [InlineData(2, 102, PosixError.Other)]
    [InlineData(0, 102, PosixError.Other)]
    [InlineData(2, 0, PosixError.None)]
    [InlineData(0, 1, PosixError.NotPermitted)]
    [InlineData(0, 2, PosixError.NotFound)]
    [InlineData(0, 20, PosixError.NotFound)]
    [InlineData(0, 4, PosixError.Interrupted)]
    [InlineData(0, 6, PosixError.NotAFile)]
    [InlineData(0, 19, PosixError.NotAFile)]
    [InlineData(0, 21, PosixError.NotAFile)]
    [InlineData(0, 29, PosixError.NotAFile)]
    [InlineData(0, 9, PosixError.BadFile)]
    [InlineData(0, 12, PosixError.NoMemory)]
    [InlineData(0, 13, PosixError.AccessDenied)]
    [InlineData(0, 26, PosixError.AccessDenied)]
    [InlineData(0, 30, PosixError.AccessDenied)]
    [InlineData(0, 14, PosixError.Fault)]
    [InlineData(0, 17, PosixError.Exists)]
    [InlineData(0, 22, PosixError.Invalid)]
    [InlineData(0, 23, PosixError.TooManyFiles)]
    [InlineData(0, 24, PosixError.TooManyFiles)]
    [InlineData(0, 27, PosixError.DeviceFull)]
    [InlineData(0, 28, PosixError.DeviceFull)]
    internal void An_error_number_has_the_name_that_its_system_gives_it(int system, int error, PosixError name) =>
        Assert.Equal(name, ErrorNumbers.Classify(error, (PosixSystem)system));
}

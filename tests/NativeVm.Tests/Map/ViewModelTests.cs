using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>Random operations on memory and objects side by side, where mappings can be clipped and where they cannot.</summary>
public sealed class ViewModelTests
{
    private const nuint Page = 4096;
    private const int Granule = 4;

    private static readonly PageProtection[] Protections = [PageProtection.None, PageProtection.Read, PageProtection.ReadWrite];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Entries_and_system_agree_with_a_picture_of_the_pages(bool isWindows)
    {
        int mapped = 0;
        for (int seed = 1; seed <= 16; seed++)
        {
            mapped += Run(seed, isWindows);
        }

        Assert.True(mapped > 150, $"Objects were mapped {mapped} times.");
    }

    private static int Run(int seed, bool isWindows)
    {
        SimulatedPlatformOptions profile = isWindows ? SimulatedPlatformOptions.WindowsLike : SimulatedPlatformOptions.PosixLike;
        SimulatedPlatform system = new(profile with { AllocationGranularity = Granule * Page });
        using VmMap map = new(new VmMapOptions
        {
            ByteCount = ViewModel.PageCount * Page,
            Placement = Placement.At(0x4000_0000),
            Platform = system,
            TakesObjects = true,
        });
        Assert.Equal(!isWindows, map.ClipsObjects);
        system.CreateSharedMemory(256 * Page, "views", out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        ViewModel model = new(map, system, map.ClipsObjects);
        Random random = new(seed);
        int mapped = 0;
        for (int step = 0; step < 400; step++)
        {
            int act = random.Next(16);
            int page = random.Next(ViewModel.PageCount);
            int count = random.Next(1, Math.Min(20, ViewModel.PageCount - page) + 1);
            nuint address = ViewModel.AddressOf(map, page);
            nuint byteCount = (nuint)count * Page;
            PageProtection protection = Protections[random.Next(Protections.Length)];
            VmResult expected;
            VmResult found;
            switch (act)
            {
                case < 3:
                    page -= page % Granule;
                    int objectPage = Granule * random.Next(16);
                    bool replace = random.Next(2) == 0;
                    expected = model.MapObject(page, count, objectPage, protection, replace);
                    found = map.MapObjectFixed(
                        ViewModel.AddressOf(map, page),
                        byteCount,
                        source,
                        (ulong)objectPage * Page,
                        protection,
                        random.Next(2) == 0 ? MappingSharing.Shared : MappingSharing.CopyOnWrite,
                        0,
                        replace);
                    mapped += found.IsSuccess ? 1 : 0;
                    break;
                case < 5:
                    bool isCommitted = random.Next(2) == 0;
                    expected = model.Insert(page, count, isCommitted);
                    found = map.FindFixed(address, byteCount, isCommitted ? VmEntryAttributes.ReadWrite : VmEntryAttributes.Reserved);
                    break;
                case < 7:
                    expected = model.Remove(page, count);
                    found = map.Remove(address, byteCount);
                    break;
                case < 9:
                    expected = model.Protect(page, count, protection);
                    found = map.Protect(address, byteCount, protection);
                    break;
                case 9:
                    expected = model.Commit(page, count);
                    found = map.Commit(address, byteCount, PageProtection.ReadWrite);
                    break;
                case 10:
                    expected = model.Decommit(page, count);
                    found = map.Decommit(address, byteCount);
                    break;
                case 11:
                    expected = model.Discard(page, count);
                    found = map.Advise(address, byteCount, VmAdvice.DontNeed);
                    break;
                case 12:
                    expected = VmResult.Success;
                    found = map.Advise(address, byteCount, VmAdvice.WillNeed);
                    break;
                case 13:
                    expected = model.Wire(page, Math.Min(count, 6));
                    found = map.Wire(address, Math.Min(byteCount, 6 * Page));
                    break;
                case 14:
                    expected = model.Unwire(page, Math.Min(count, 3));
                    found = map.Unwire(address, Math.Min(byteCount, 3 * Page));
                    break;
                default:
                    expected = model.Synchronize(page, count);
                    found = map.Synchronize(address, byteCount);
                    break;
            }

            Assert.True(expected.Code == found.Code, $"Seed {seed}, step {step}, act {act}: {found}, not {expected}.");
            Assert.True(model.Differs() is not { } difference, $"Seed {seed}, step {step}, act {act}: {model.Differs()}.");
        }

        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, ViewModel.PageCount * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)0, map.GetStatistics().CommittedByteCount);
        return mapped;
    }
}

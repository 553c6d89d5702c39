using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>After each operation of the family the system has every page as the map's entries have it.</summary>
public sealed unsafe class SystemStateTests
{
    private const int PageCount = 512;

    private static readonly VmPlatform System = VmPlatform.Current;
    private static readonly nuint Page = System.PageSize;

    public static TheoryData<string> Operations => [.. Acts.Keys];

    private static Dictionary<string, Func<VmMap, VmResult>> Acts => new()
    {
        ["find"] = map => map.Find(7 * Page, VmEntryAttributes.ReadWrite, out _),
        ["find with guards"] = map => map.Find(new SpaceRequest(5 * Page) { GuardBefore = Page, GuardAfter = 2 * Page }, VmEntryAttributes.ReadWrite, out _),
        ["insert without access"] = map => map.FindFixed(At(map, 300), 3 * Page, VmEntryAttributes.ReadWrite with { Protection = PageProtection.None }),
        ["insert executable"] = map => map.FindFixed(At(map, 300), 3 * Page, VmEntryAttributes.ReadWrite with { Protection = PageProtection.ReadExecute }),
        ["remove a part"] = map => map.Remove(At(map, 3), 2 * Page),
        ["remove over entries"] = map => map.Remove(At(map, 3), 60 * Page),
        ["remove all"] = map => map.Remove(map.MinAddress, PageCount * Page),
        ["commit"] = map => map.Commit(At(map, 18), 2 * Page, PageProtection.Read),
        ["commit over what is committed"] = map => map.Commit(At(map, 0), 32 * Page, PageProtection.ReadWrite),
        ["decommit"] = map => map.Decommit(At(map, 2), 3 * Page),
        ["decommit over entries"] = map => map.Decommit(At(map, 0), 48 * Page),
        ["protect"] = map => map.Protect(At(map, 1), 3 * Page, PageProtection.Read),
        ["protect to nothing"] = map => map.Protect(At(map, 4), Page, PageProtection.None),
        ["protect over entries"] = map => map.Protect(At(map, 40), 100 * Page, PageProtection.ReadExecute),
        ["lower the maximum"] = map => map.ProtectMaximum(At(map, 2), 2 * Page, PageProtection.Read),
        ["wire"] = map => map.Wire(At(map, 2), 3 * Page),
        ["wire and unwire"] = map => Both(map.Wire(At(map, 0), 8 * Page), map.Unwire(At(map, 2), 2 * Page)),
        ["wire and remove"] = map => Both(map.Wire(At(map, 0), 8 * Page), map.Remove(At(map, 2), 2 * Page)),
        ["give up contents"] = map => map.Advise(At(map, 2), 3 * Page, VmAdvice.DontNeed),
        ["guard inside"] = map => map.Guard(At(map, 3), Page),
        ["guard what has no memory"] = map => map.Guard(At(map, 20), Page),
        ["guard and protect"] = map => Both(map.Guard(At(map, 3), Page), map.Protect(At(map, 0), 8 * Page, PageProtection.Read)),
        ["guard and remove a guard"] = map => Both(map.Guard(At(map, 3), 3 * Page), map.Unguard(At(map, 4), Page)),
        ["guard and decommit"] = map => Both(map.Guard(At(map, 3), Page), map.Decommit(At(map, 0), 8 * Page)),
        ["a stack"] = map => map.FindStack(20 * Page, 2 * Page, Page, 0, out _),
        ["a stack that grows"] = map => Both(map.FindStack(20 * Page, 2 * Page, Page, 0, out nuint top), map.GrowStack(top - (9 * Page))),
        ["a stack that shrinks"] = map => Both(map.FindStack(20 * Page, 9 * Page, Page, 0, out nuint top), map.ShrinkStack(top - (3 * Page))),
        ["a submap with entries"] = map =>
        {
            VmResult result = map.FindSubmap(8 * Page, 1, out VmMap? submap);
            submap?.FindFixed(submap.MinAddress + Page, Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
            submap?.Dispose();
            return result;
        },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_leaves_the_system_with_what_the_entries_say(string operation)
    {
        using VmMap map = TestMaps.Real(PageCount * Page);
        Fill(map);
        SystemState.Compare(map, "before");
        VmResult result = Acts[operation](map);
        Assert.True(result.IsSuccess || result.Refusal.Reason == RefusalReason.LockLimit, result.ToString());
        SystemState.Compare(map, operation);
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, PageCount * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [Fact]
    public void Inheritance_dumps_and_objects_are_seen_by_the_system()
    {
        using VmMap map = TestMaps.Real(PageCount * Page);
        Fill(map);
        if (System.Supports(PageInheritance.None, MappingSharing.CopyOnWrite))
        {
            Assert.Equal(VmResult.Success, map.Inherit(At(map, 2), 2 * Page, PageInheritance.None));
            Assert.Equal(VmResult.Success, map.Inherit(At(map, 16), 8 * Page, PageInheritance.None));
            Assert.Equal(VmResult.Success, map.Commit(At(map, 18), 2 * Page, PageProtection.ReadWrite));
        }

        if (System.Supports(PageAdvice.ExcludeFromCoreDumps))
        {
            VmEntryAttributes marked = VmEntryAttributes.ReadWrite with { Tag = SystemState.DumpTag };
            Assert.Equal(VmResult.Success, map.FindFixed(At(map, 200), 4 * Page, marked));
            Assert.Equal(VmResult.Success, map.Advise(At(map, 200), 4 * Page, VmAdvice.NoCore));
        }

        if (map.SupportsObjects)
        {
            nuint size = System.AllocationGranularity;
            System.CreateSharedMemory(2 * size, "state", out MemoryObjectHandle? handle).ThrowIfRefused();
            using MemoryObjectHandle source = handle!;
            Assert.Equal(VmResult.Success, map.MapObject(2 * size, 1, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, 0, out nuint first));
            Assert.Equal(VmResult.Success, map.MapObject(size, 1, source, size, PageProtection.Read, MappingSharing.CopyOnWrite, 0, out _));
            Assert.Equal(VmResult.Success, map.Protect(first, size, PageProtection.Read));
        }

        SystemState.Compare(map, "traits");
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, PageCount * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_random_sequence_over_the_family_keeps_the_system_with_the_map(int seed)
    {
        using VmMap map = TestMaps.Real(PageCount * Page);
        RunSequence(map, seed, 10);
    }

    [Theory]
    [MemberData(nameof(SimulatedSequences))]
    public void A_random_sequence_keeps_simulated_systems_with_the_map(bool isWindowsLike, int seed)
    {
        SimulatedPlatform platform = new(isWindowsLike ? SimulatedPlatformOptions.WindowsLike : SimulatedPlatformOptions.PosixLike);
        using VmMap map = TestMaps.Simulated(platform, 0x4000_0000, PageCount);
        RunSequence(map, seed, 1);
    }

    public static TheoryData<bool, int> SimulatedSequences()
    {
        TheoryData<bool, int> data = [];
        foreach (int seed in Enumerable.Range(1, 12))
        {
            data.Add(true, seed);
            data.Add(false, seed);
        }

        return data;
    }

    private static void RunSequence(VmMap map, int seed, int stepsBetweenComparisons)
    {
        Random random = new(seed);
        Dictionary<string, int> successes = [];
        for (int step = 0; step < 500; step++)
        {
            nuint start = At(map, random.Next(PageCount - 40));
            nuint byteCount = (nuint)random.Next(1, random.Next(4) == 0 ? 40 : 8) * Page;
            (string name, VmResult result) = Step(map, random, start, byteCount);
            if (result.IsSuccess)
            {
                successes[name] = successes.GetValueOrDefault(name) + 1;
            }
            else
            {
                Assert.True(!result.Refusal.IsRefused || result.Refusal.Reason == RefusalReason.LockLimit, $"{name}: {result}");
            }

            if (step % stepsBetweenComparisons == 0)
            {
                SystemState.Compare(map, $"step {step}, {name}");
            }
        }

        Assert.True(successes.Count >= 12, string.Join(", ", successes));
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, PageCount * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    private static (string Name, VmResult Result) Step(VmMap map, Random random, nuint start, nuint byteCount)
    {
        PageProtection protection = (PageProtection[])[PageProtection.None, PageProtection.Read, PageProtection.ReadWrite, PageProtection.ReadExecute]
            is var all ? all[random.Next(4)] : default;
        switch (random.Next(18))
        {
            case 0 or 1 or 2: return ("find", map.Find(byteCount, VmEntryAttributes.ReadWrite with { Tag = (ulong)random.Next(3) }, out _));
            case 3: return ("fixed", map.FindFixed(start, byteCount, VmEntryAttributes.Reserved));
            case 4: return ("guarded", map.Find(new SpaceRequest(byteCount) { GuardBefore = Page, GuardAfter = Page }, VmEntryAttributes.ReadWrite, out _));
            case 5: return ("remove", map.Remove(start, byteCount));
            case 6: return ("commit", map.Commit(start, byteCount, protection == PageProtection.None ? PageProtection.ReadWrite : protection));
            case 7: return ("decommit", map.Decommit(start, byteCount));
            case 8 or 9: return ("protect", map.Protect(start, byteCount, protection));
            case 10: return ("wire", IsWritable(map, start, byteCount) ? map.Wire(start, byteCount) : VmResult.InvalidArgument);
            case 11: return ("unwire", map.Unwire(start, byteCount));
            case 12: return ("discard", map.Advise(start, byteCount, VmAdvice.DontNeed));
            case 13: return ("guard", map.Guard(start, byteCount));
            case 14: return ("unguard", map.Unguard(start, byteCount));
            case 15: return ("stack", map.FindStack(16 * Page, Page, Page, 99, out _));
            case 16: return ("grow", map.GrowStack(start));
            default: return ("touch", Touch(map, start, byteCount));
        }
    }

    // The system locks what can be accessed; and what has been locked is not made inaccessible here.
    private static bool IsWritable(VmMap map, nuint start, nuint byteCount) => map.CheckProtection(start, byteCount, PageProtection.ReadWrite);

    private static VmResult Touch(VmMap map, nuint start, nuint byteCount)
    {
        if (!map.CheckProtection(start, byteCount, PageProtection.ReadWrite))
        {
            return VmResult.ProtectionFailure;
        }

        if (map.Platform != VmPlatform.Current)
        {
            return VmResult.Success;
        }

        new Span<byte>((void*)start, (int)byteCount).Fill(1);
        return VmResult.Success;
    }

    private static VmResult Both(VmResult first, VmResult second) => first.IsSuccess ? second : first;

    private static nuint At(VmMap map, int page) => map.MinAddress + ((nuint)page * Page);

    private static void Fill(VmMap map)
    {
        map.FindFixed(At(map, 0), 8 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        map.FindFixed(At(map, 16), 8 * Page, VmEntryAttributes.Reserved).ThrowIfFailed();
        map.FindFixed(At(map, 8), 8 * Page, VmEntryAttributes.ReadWrite with { Tag = 1 }).ThrowIfFailed();
        map.FindFixed(At(map, 24), 8 * Page, VmEntryAttributes.ReadWrite with { Tag = 2 }).ThrowIfFailed();
        map.FindFixed(At(map, 40), 4 * Page, VmEntryAttributes.ReadWrite with { Protection = PageProtection.Read }).ThrowIfFailed();
        map.FindFixed(At(map, 60), 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        new Span<byte>((void*)map.MinAddress, (int)(8 * Page)).Fill(1);
    }
}

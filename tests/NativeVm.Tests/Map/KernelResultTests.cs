using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>The kernel's result of every row of the family for every kind of bad range.</summary>
public sealed class KernelResultTests : IDisposable
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;

    private readonly SimulatedPlatform _platform = new();
    private readonly VmMap _map;
    private readonly VmMap _submap;
    private readonly MemoryObjectHandle _object;

    public KernelResultTests()
    {
        _map = TestMaps.Simulated(_platform, Base, 64);
        _map.FindFixed(Base, 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        _map.FindFixed(Base + (6 * Page), 2 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        _map.FindFixed(Base + (16 * Page), 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        _map.Wire(Base + (16 * Page), 4 * Page).ThrowIfFailed();
        _map.FindFixed(Base + (24 * Page), 4 * Page, VmEntryAttributes.ReadWrite with { Protection = PageProtection.Read, MaxProtection = PageProtection.Read }).ThrowIfFailed();
        _map.FindFixed(Base + (28 * Page), 4 * Page, VmEntryAttributes.Reserved with { MaxProtection = PageProtection.Read }).ThrowIfFailed();
        _map.CreateSubmapAt(Base + (8 * Page), 4 * Page, out _submap).ThrowIfFailed();
        _platform.CreateSharedMemory(8 * Page, "kernel", out MemoryObjectHandle? handle).ThrowIfRefused();
        _object = handle!;
    }

    public static TheoryData<string> Operations => [.. Rows.Keys];

    // Of each row: a range with a hole, an empty one, one outside the map, a submap's, a wired one.
    private static Dictionary<string, (VmResult Hole, VmResult Empty, VmResult Outside, VmResult Busy, VmResult Wired)> Rows => new()
    {
        ["insert"] = (VmResult.NoSpace, VmResult.InvalidAddress, VmResult.InvalidAddress, VmResult.NoSpace, VmResult.NoSpace),
        ["delete"] = (VmResult.Success, VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.Success),
        ["protect"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.Success),
        ["lower the maximum"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.Success),
        ["inherit"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.Success),
        ["advise"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.Success),
        ["give up contents"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.InvalidArgument),
        ["wire"] = (VmResult.InvalidAddress, VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.Success),
        ["unwire"] = (VmResult.InvalidArgument, VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.Success),
        ["synchronize"] = (VmResult.InvalidAddress, VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.Success),
        ["commit"] = (VmResult.InvalidAddress, VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.Success),
        ["decommit"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.InvalidArgument),
        ["guard"] = (VmResult.InvalidAddress, VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.InvalidArgument),
        ["unguard"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.InvalidArgument, VmResult.Success),
        ["prefer a node"] = (VmResult.Success, VmResult.Success, VmResult.Success, VmResult.Success, VmResult.Success),
        ["submap"] = (VmResult.InvalidArgument, VmResult.InvalidAddress, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.InvalidArgument),
        ["map an object"] = (VmResult.NoSpace, VmResult.InvalidAddress, VmResult.InvalidAddress, VmResult.NoSpace, VmResult.NoSpace),
        ["replace by an object"] = (VmResult.Success, VmResult.InvalidAddress, VmResult.InvalidAddress, VmResult.InvalidArgument, VmResult.InvalidArgument),
    };

    public void Dispose()
    {
        _submap.Dispose();
        _map.Dispose();
        _object.Dispose();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Each_row_has_its_result_and_a_failure_changes_nothing(string operation)
    {
        (VmResult hole, VmResult empty, VmResult outside, VmResult busy, VmResult wired) = Rows[operation];
        Expect(empty, operation, Base, 0);
        Expect(outside, operation, Base + (64 * Page), Page);
        Expect(outside, operation, Base - (2 * Page), 2 * Page);
        Expect(busy, operation, Base + (8 * Page), 4 * Page);
        Expect(busy, operation, Base + (9 * Page), Page);
        Expect(wired, operation, Base + (17 * Page), Page);
        Expect(hole, operation, Base + (2 * Page), 6 * Page);
        _map.Validate();
    }

    [Fact]
    public void A_forbidden_protection_is_a_protection_failure()
    {
        foreach (PageProtection protection in (PageProtection[])[PageProtection.ReadWrite, PageProtection.ReadExecute, PageProtection.Execute])
        {
            Fails(VmResult.ProtectionFailure, () => _map.Protect(Base + (24 * Page), Page, protection));
            Fails(VmResult.ProtectionFailure, () => _map.Protect(Base, 28 * Page, protection), orElse: VmResult.InvalidArgument);
            Fails(VmResult.ProtectionFailure, () => _map.Commit(Base + (28 * Page), Page, protection));
            Fails(VmResult.ProtectionFailure, () => _map.ProtectMaximum(Base + (24 * Page), Page, protection | PageProtection.Read));
        }

        Fails(VmResult.InvalidArgument, () => _map.Protect(Base + (28 * Page), Page, PageProtection.Read));
        Assert.Throws<ArgumentException>("protection", () => _map.Protect(Base, Page, PageProtection.Write | PageProtection.Execute));
        Assert.Throws<ArgumentException>("attributes", () => _map.FindFixed(
            Base + (40 * Page), Page, VmEntryAttributes.ReadWrite with { MaxProtection = PageProtection.Read }));
    }

    [Fact]
    public void An_inheritance_that_is_none_is_an_invalid_argument()
    {
        Fails(VmResult.InvalidArgument, () => _map.Inherit(Base, Page, (PageInheritance)3));
        Fails(VmResult.InvalidArgument, () => _map.Inherit(Base, Page, (PageInheritance)255));
        VmResult shared = _map.Inherit(Base, Page, PageInheritance.Share);
        Assert.Equal(RefusalReason.NotSupported, shared.Refusal.Reason);
    }

    [Fact]
    public void Unwiring_what_is_not_wired_is_an_invalid_argument_also_in_part()
    {
        Fails(VmResult.InvalidArgument, () => _map.Unwire(Base, Page));
        Assert.Equal(VmResult.Success, _map.Wire(Base, 2 * Page));
        Fails(VmResult.InvalidArgument, () => _map.Unwire(Base, 4 * Page));
        Assert.Equal(VmResult.Success, _map.Unwire(Base, 2 * Page));
        Fails(VmResult.InvalidArgument, () => _map.Unwire(Base, Page));
        Fails(VmResult.InvalidArgument, () => _map.Wire(Base + (28 * Page), Page));
    }

    [Fact]
    public void A_thousand_entries_are_protected_by_one_call_for_each_run_that_differs()
    {
        FaultInjectingPlatform counting = new(new SimulatedPlatform());
        using VmMap map = new(new VmMapOptions { ByteCount = 1200 * Page, Placement = Placement.At(Base), Platform = counting });
        for (int i = 0; i < 1000; i++)
        {
            VmEntryAttributes attributes = VmEntryAttributes.ReadWrite with
            {
                Tag = (ulong)i,
                Protection = i is >= 300 and < 400 or 700 ? PageProtection.Read : PageProtection.ReadWrite,
            };
            map.FindFixed(Base + ((nuint)i * Page), Page, attributes).ThrowIfFailed();
        }

        // Two runs are read-only already, so that three are left; then all of it is one.
        counting.Arm(FaultPlan.None);
        Assert.Equal(VmResult.Success, map.Protect(Base, 1000 * Page, PageProtection.Read));
        Assert.Equal(3, counting.CallCount);
        counting.Arm(FaultPlan.None);
        Assert.Equal(VmResult.Success, map.Protect(Base, 1000 * Page, PageProtection.ReadWrite));
        Assert.Equal(1, counting.CallCount);
        counting.Arm(FaultPlan.None);
        Assert.Equal(VmResult.Success, map.Protect(Base, 1000 * Page, PageProtection.ReadWrite));
        Assert.Equal(0, counting.CallCount);
        Assert.Equal((nuint)1000, map.GetStatistics().EntryCount);
        map.Validate();
    }

    private void Expect(VmResult expected, string operation, nuint start, nuint byteCount)
    {
        string before = Picture();
        VmResult result = Act(operation, start, byteCount);
        Assert.True(expected == result, $"{operation} of {byteCount} bytes at 0x{start:x}: {result}");
        if (!result.IsSuccess)
        {
            Assert.Equal(before, Picture());
        }
    }

    private void Fails(VmResult expected, Func<VmResult> act, VmResult? orElse = null)
    {
        string before = Picture();
        VmResult result = act();
        Assert.True(result == expected || result == orElse, result.ToString());
        Assert.Equal(before, Picture());
    }

    private VmResult Act(string operation, nuint start, nuint byteCount) => operation switch
    {
        "insert" => _map.FindFixed(start, byteCount, VmEntryAttributes.ReadWrite),
        "delete" => _map.Remove(start, byteCount),
        "protect" => _map.Protect(start, byteCount, PageProtection.Read),
        "lower the maximum" => _map.ProtectMaximum(start, byteCount, PageProtection.Read),
        "inherit" => _map.Inherit(start, byteCount, PageInheritance.None),
        "advise" => _map.Advise(start, byteCount, VmAdvice.Sequential),
        "give up contents" => _map.Advise(start, byteCount, VmAdvice.DontNeed),
        "wire" => _map.Wire(start, byteCount),
        "unwire" => _map.Unwire(start, byteCount),
        "synchronize" => _map.Synchronize(start, byteCount),
        "commit" => _map.Commit(start, byteCount, PageProtection.ReadWrite),
        "decommit" => _map.Decommit(start, byteCount),
        "guard" => _map.Guard(start, byteCount),
        "unguard" => _map.Unguard(start, byteCount),
        "prefer a node" => _map.SetPreferredNode(start, byteCount, 0),
        "submap" => _map.CreateSubmap(start, byteCount, out _),
        "map an object" => _map.MapObjectFixed(start, byteCount, _object, 0, PageProtection.Read, MappingSharing.Shared),
        "replace by an object" => _map.MapObjectFixed(start, byteCount, _object, 0, PageProtection.Read, MappingSharing.Shared, replace: true),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No such row."),
    };

    private string Picture()
    {
        using VmMapLockScope scope = _map.EnterReadLock();
        List<string> lines = [];
        foreach (VmEntry entry in _map.GetEntries())
        {
            lines.Add(entry.ToString());
        }

        return string.Join('\n', lines) + _platform;
    }
}

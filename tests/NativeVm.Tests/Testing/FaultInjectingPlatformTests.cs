using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>Which calls are refused, counted, recorded and passed on.</summary>
public sealed class FaultInjectingPlatformTests
{
    private const nuint Page = 4096;

    private readonly SimulatedPlatform _inner = new(SimulatedPlatformOptions.PosixLike with
    {
        HugePageSize = 16 * Page,
        HugePagePoolByteCount = 64 * Page,
        NumaNodeCount = 2,
    });

    private readonly MemoryObjectHandle _object;
    private readonly MemoryObjectHandle _file;
    private readonly nuint _view;
    private readonly FaultInjectingPlatform _platform;
    private readonly nuint _address;

    public FaultInjectingPlatformTests()
    {
        _platform = new FaultInjectingPlatform(_inner);
        _platform.Reserve(64 * Page, Placement.Anywhere, out _address).ThrowIfRefused();
        _platform.Commit(_address, 64 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        _inner.PlaceFile(nameof(_inner), 4 * Page);
        _inner.PlaceFile(nameof(_file), Page);
        _inner.OpenFile(nameof(_file), MemoryObjectAccess.ReadWrite, 0, out MemoryObjectHandle? file).ThrowIfRefused();
        _file = file!;
        _inner.CreateSharedMemory(4 * Page, nameof(_object), out MemoryObjectHandle? handle).ThrowIfRefused();
        _object = handle!;
        _inner.MapObjectAnywhere(
            Page, _object, 0, PageProtection.Read, MappingSharing.Shared, Placement.At(0x4000_0000), out _view).ThrowIfRefused();
    }

    public static TheoryData<SystemOperation> Operations => new(
        Enum.GetValues<SystemOperation>().Where(operation => operation != SystemOperation.None));

    [Fact]
    public void It_looks_like_the_platform_underneath()
    {
        Assert.Same(_inner, _platform.Inner);
        Assert.Equal(_inner.PageSize, _platform.PageSize);
        Assert.Equal(_inner.AllocationGranularity, _platform.AllocationGranularity);
        Assert.Equal(_inner.HugePageSize, _platform.HugePageSize);
        Assert.Equal(_inner.LowestAddress, _platform.LowestAddress);
        Assert.Equal(_inner.HighestAddress, _platform.HighestAddress);
        Assert.Equal(_inner.MappingLimit, _platform.MappingLimit);
        Assert.Equal(_inner.Capabilities, _platform.Capabilities);
        Assert.Equal(_inner.SystemCallCount, _platform.SystemCallCount);
        Assert.Equal(_inner.NumaNodeCount, _platform.NumaNodeCount);
        Assert.True(_platform.Supports(PageAdvice.Random));
        Assert.True(_platform.Supports(PageInheritance.None, MappingSharing.Shared));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_is_passed_on_or_refused_without_a_trace(SystemOperation operation)
    {
        FaultInjectingPlatform platform = new(_inner, new FaultInjectionOptions { CountsQueries = true });
        IReadOnlyList<SimulatedRange> before = _inner.Snapshot();
        long calls = _inner.SystemCallCount;

        platform.Arm(FaultPlan.Operation(operation));
        SystemReply reply = Call(platform, operation);
        Assert.Equal(operation, reply.Operation);
        Assert.Equal(
            (RefusalReason.OutOfMemory, ErrorDomain.Errno, 12), (reply.Reason, reply.Domain, reply.ErrorNumber));
        Assert.Equal(before, _inner.Snapshot());
        Assert.Equal(calls, _inner.SystemCallCount);
        Assert.Equal((1, 1, 1), (platform.CallCount, platform.InjectedCount, platform.CallCountOf(operation)));

        platform.Arm(FaultPlan.None);
        Assert.True(Call(platform, operation).IsSuccess);
        Assert.Equal(calls + 1, _inner.SystemCallCount);
        Assert.Equal((1, 0, 1), (platform.CallCount, platform.InjectedCount, platform.CallCountOf(operation)));
        Assert.Equal(CallOutcome.Succeeded, Assert.Single(platform.RecordedCalls()).Outcome);
    }

    [Fact]
    public void Plans_choose_calls_by_their_ordinal()
    {
        Assert.Equal([3], RefusedAmong(6, FaultPlan.Call(3)));
        Assert.Equal([3, 4], RefusedAmong(6, FaultPlan.CallAndNext(3)));
        Assert.Equal([2, 3, 4], RefusedAmong(6, FaultPlan.Calls(2, 3)));
        Assert.Equal([5, 6], RefusedAmong(6, FaultPlan.Calls(5, long.MaxValue)));
        Assert.Equal([], RefusedAmong(6, FaultPlan.Calls(1, 0)));
        Assert.Equal([], RefusedAmong(6, FaultPlan.Call(7)));
        Assert.Equal([], RefusedAmong(6, FaultPlan.None));
        Assert.Equal([2, 4, 6], RefusedAmong(6, FaultPlan.When(call => call.Ordinal % 2 == 0)));
    }

    [Fact]
    public void Plans_choose_calls_by_their_operation()
    {
        _platform.Arm(FaultPlan.Operation(SystemOperation.Purge, from: 2, count: 1));
        Assert.True(_platform.Purge(_address, Page).IsSuccess);
        Assert.True(_platform.Protect(_address, Page, PageProtection.Read).IsSuccess);
        Assert.True(_platform.Purge(_address, Page).IsRefused);
        Assert.True(_platform.Purge(_address, Page).IsSuccess);
        Assert.Equal(3, _platform.CallCountOf(SystemOperation.Purge));
        Assert.Equal(1, _platform.CallCountOf(SystemOperation.Protect));
    }

    [Fact]
    public void A_refusal_says_what_the_plan_says()
    {
        _platform.Arm(FaultPlan.Call(1).Saying(RefusalReason.LockLimit, 1453, ErrorDomain.Win32));
        SystemReply reply = _platform.Lock(_address + Page, 2 * Page);
        Assert.Equal(
            SystemReply.Refused(
                SystemOperation.Lock, _address + Page, 2 * Page, RefusalReason.LockLimit, ErrorDomain.Win32, 1453),
            reply);
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultPlan.None.Saying(RefusalReason.None, 0));
    }

    [Fact]
    public void A_refused_reservation_gives_no_address()
    {
        _platform.Arm(FaultPlan.Call(1));
        Assert.True(_platform.Reserve(Page, Placement.At(0x7000_0000), out nuint address).IsRefused);
        Assert.Equal(0u, address);
        Assert.Equal(0x7000_0000u, Assert.Single(_platform.RecordedCalls()).Call.Address);
    }

    [Fact]
    public void Queries_are_neither_counted_nor_refused_unless_asked_for()
    {
        _platform.Arm(FaultPlan.Calls(1, long.MaxValue));
        Assert.True(_platform.Query(_address, out _).IsSuccess);
        Assert.True(_platform.QueryResident(_address, Page, out _).IsSuccess);
        Assert.True(_platform.CountMappings(_address, Page, out _).IsSuccess);
        Assert.True(_platform.QueryProcess(out _).IsSuccess);
        Assert.Equal(0, _platform.CallCount);
        Assert.Empty(_platform.RecordedCalls());
    }

    [Fact]
    public void Misuse_throws_uncounted()
    {
        _platform.Arm(FaultPlan.Call(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _platform.Commit(_address, 0, PageProtection.Read));
        Assert.Equal(0, _platform.CallCount);
    }

    [Fact]
    public void Arming_starts_anew_and_disarming_keeps_the_record()
    {
        _platform.Arm(FaultPlan.Call(1));
        Assert.True(_platform.Purge(_address, Page).IsRefused);
        _platform.Disarm();
        Assert.Same(FaultPlan.None, _platform.Plan);
        Assert.True(_platform.Purge(_address, Page).IsSuccess);
        Assert.Equal((2, 1), (_platform.CallCount, _platform.InjectedCount));
        Assert.Equal(
            [CallOutcome.Injected, CallOutcome.Succeeded], _platform.RecordedCalls().Select(call => call.Outcome));

        _platform.Arm(FaultPlan.Call(1));
        Assert.Equal((0, 0), (_platform.CallCount, _platform.InjectedCount));
        Assert.Empty(_platform.RecordedCalls());
        Assert.True(_platform.Purge(_address, Page).IsRefused);
    }

    [Fact]
    public void The_record_tells_all_outcomes_and_the_addresses_that_were_chosen()
    {
        _platform.Arm(FaultPlan.Call(2));
        _platform.Reserve(Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
        Assert.True(_platform.Commit(address, Page, PageProtection.Read).IsRefused);
        Assert.True(_platform.Reserve(Page, Placement.At(address), out _).IsRefused);
        Assert.Throws<UnlawfulUseException>(() => _platform.Purge(address, Page));

        IReadOnlyList<RecordedCall> calls = _platform.RecordedCalls();
        Assert.Equal(
            [CallOutcome.Succeeded, CallOutcome.Injected, CallOutcome.Refused, CallOutcome.Unfinished],
            calls.Select(call => call.Outcome));
        Assert.Equal(address, calls[0].Call.Address);
        Assert.Equal(RefusalReason.AddressInUse, calls[2].Reason);
        Assert.Equal([1L, 2, 3, 4], calls.Select(call => call.Call.Ordinal));
        string text = _platform.ToString();
        Assert.Contains(
            $"2 Commit of 4,096 bytes at 0x{address:x}: refused by the plan", text, StringComparison.Ordinal);
        Assert.Contains("refused, AddressInUse", text, StringComparison.Ordinal);
        Assert.Contains("call 2, OutOfMemory", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(100, 10)]
    public void The_log_keeps_the_latest_calls(int capacity, int kept)
    {
        FaultInjectingPlatform platform = new(_inner, new FaultInjectionOptions { LogCapacity = capacity });
        for (int i = 0; i < 10; i++)
        {
            platform.Purge(_address, Page).ThrowIfRefused();
        }

        Assert.Equal(10, platform.CallCount);
        IReadOnlyList<RecordedCall> calls = platform.RecordedCalls();
        Assert.Equal(
            Enumerable.Range(11 - kept, kept).Select(ordinal => (long)ordinal),
            calls.Select(call => call.Call.Ordinal));
        Assert.All(calls, call => Assert.Equal(CallOutcome.Succeeded, call.Outcome));
    }

    [Fact]
    public void A_plan_may_make_a_race_happen()
    {
        nuint wanted = _address + (64 * Page);
        _platform.Arm(FaultPlan.When(call =>
        {
            if (call.Operation == SystemOperation.Reserve)
            {
                _inner.PlaceForeign(wanted, Page);
            }

            return false;
        }));
        Assert.Equal(RefusalReason.AddressInUse, _platform.Reserve(Page, Placement.At(wanted), out _).Reason);
        Assert.Equal(0, _platform.InjectedCount);
    }

    [Fact]
    public void Each_call_of_many_threads_has_its_own_ordinal()
    {
        const int Threads = 4;
        const int Rounds = 1_000;
        int refused = 0;
        _platform.Arm(FaultPlan.When(call => call.Ordinal % 10 == 0));
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                if (_platform.Purge(_address + ((nuint)thread * Page), Page).IsRefused)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });
        Assert.Equal(Threads * Rounds, _platform.CallCount);
        Assert.Equal(Threads * Rounds / 10, refused);
        Assert.Equal(refused, _platform.InjectedCount);
        Assert.Equal(
            Enumerable.Range(1, Threads * Rounds).Select(ordinal => (long)ordinal),
            _platform.RecordedCalls().Select(call => call.Call.Ordinal));
    }

    private List<int> RefusedAmong(int count, FaultPlan plan)
    {
        _platform.Arm(plan);
        List<int> refused = [];
        for (int i = 1; i <= count; i++)
        {
            if (_platform.Purge(_address, Page).IsRefused)
            {
                refused.Add(i);
            }
        }

        return refused;
    }

    private SystemReply Call(FaultInjectingPlatform platform, SystemOperation operation) => operation switch
    {
        SystemOperation.Reserve => platform.Reserve(Page, Placement.Anywhere, out _),
        SystemOperation.Release => platform.Release(_address, 64 * Page),
        SystemOperation.ReleaseTail => platform.ReleaseTail(_address, 64 * Page, Page),
        SystemOperation.Commit => platform.Commit(_address, Page, PageProtection.Read),
        SystemOperation.Decommit => platform.Decommit(_address, Page),
        SystemOperation.Purge => platform.Purge(_address, Page),
        SystemOperation.Protect => platform.Protect(_address, Page, PageProtection.None),
        SystemOperation.Advise => platform.Advise(_address, Page, PageAdvice.Random),
        SystemOperation.Prefault => platform.Prefault(_address, Page),
        SystemOperation.Lock => platform.Lock(_address, Page),
        SystemOperation.Unlock => platform.Unlock(_address, Page),
        SystemOperation.Query => platform.Query(_address, out _),
        SystemOperation.QueryResident => platform.QueryResident(_address, Page, out _),
        SystemOperation.CountMappings => platform.CountMappings(_address, Page, out _),
        SystemOperation.QueryProcess => platform.QueryProcess(out _),
        SystemOperation.CreateSharedMemory => platform.CreateSharedMemory(Page, nameof(Call), out _),
        SystemOperation.OpenFile => platform.OpenFile(nameof(_inner), MemoryObjectAccess.Read, 0, out _),
        SystemOperation.GetObjectByteCount => platform.GetObjectByteCount(_object, out _),
        SystemOperation.MapObject => platform.MapObject(
            _address, Page, _object, Page, PageProtection.ReadWrite, MappingSharing.Shared),
        SystemOperation.MapObjectAnywhere => platform.MapObjectAnywhere(
            Page, _object, 0, PageProtection.Read, MappingSharing.CopyOnWrite, Placement.Anywhere, out _),
        SystemOperation.UnmapObject => platform.UnmapObject(_address, Page),
        SystemOperation.ReleaseObject => platform.ReleaseObject(_view, Page),
        SystemOperation.Synchronize => platform.Synchronize(_view, Page),
        SystemOperation.SynchronizeObject => platform.SynchronizeObject(_object),
        SystemOperation.InstallGuard => platform.InstallGuard(_address, Page),
        SystemOperation.RemoveGuard => platform.RemoveGuard(_address, Page, PageProtection.ReadWrite),
        SystemOperation.SetInheritance => platform.SetInheritance(_address, Page, PageInheritance.None),
        SystemOperation.ReservePlaceholder => platform.ReservePlaceholder(Page, Placement.Anywhere, out _),
        SystemOperation.CommitHugePages => platform.CommitHugePages(_address, 16 * Page, PageProtection.ReadWrite),
        SystemOperation.SetPreferredNode => platform.SetPreferredNode(_address, Page, 1),
        SystemOperation.QueryCopiedPages => platform.QueryCopiedPages(_view, Page, new ulong[1]),
        SystemOperation.ExtendFile => platform.ExtendFile(_file, Page),
        SystemOperation.PublishCode => platform.PublishCode(_view, 16),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "A new operation needs a case here."),
    };
}

using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Pages;

/// <summary>Every call to the system refused in turn: the allocator says so, is what it was, and goes on.</summary>
public sealed class PageAllocatorFaultTests
{
    private const nuint MiB = 1 << 20;
    private const nuint Page = 4096;
    private const PageAllocationFlags Any = PageAllocationFlags.Uninitialized;

    public static TheoryData<bool> Systems => [true, false];

    [Theory]
    [MemberData(nameof(Systems))]
    public void Making_one(bool isPosix) => FaultSweep.Run(
        platform => new Lazy<PageAllocator>(() => Create(platform)),
        lazy =>
        {
            lazy.Value.Dispose();
            return true;
        },
        static (_, _) => { },
        Options(isPosix) with { RepeatsAfterFailure = false });

    [Theory]
    [MemberData(nameof(Systems))]
    public void Allocating(bool isPosix) => Sweep(isPosix, allocator => allocator.TryAllocate(100 * MiB, 1, Any, out _), 100 * MiB);

    [Theory]
    [MemberData(nameof(Systems))]
    public void Allocating_at_an_alignment(bool isPosix) =>
        Sweep(isPosix, allocator => allocator.TryAllocate(3 * Page, 7 * MiB, Any, out _), 3 * Page);

    [Theory]
    [MemberData(nameof(Systems))]
    public void Resizing(bool isPosix) => FaultSweep.Run(
        platform =>
        {
            PageAllocator allocator = Create(platform);
            return (Allocator: allocator, Run: allocator.Allocate(Page, flags: Any), Owner: (IDisposable)allocator);
        },
        state =>
        {
            PageAllocatorStatistics now = state.Allocator.GetStatistics();
            return state.Allocator.TryResizeInPlace(state.Run, now.AllocatedByteCount, 20 * Page, Any);
        },
        static (state, succeeded) =>
        {
            state.Allocator.Validate();
            Assert.Equal(succeeded ? 20 * Page : Page, state.Allocator.GetStatistics().AllocatedByteCount);
        },
        Options(isPosix));

    [Theory]
    [MemberData(nameof(Systems))]
    public void Trimming_what_is_scattered_and_what_is_long(bool isPosix) => FaultSweep.Run(
        static platform =>
        {
            PageAllocator allocator = Create(platform);
            nuint[] runs = new nuint[40];
            for (int i = 0; i < runs.Length; i++)
            {
                runs[i] = allocator.Allocate((nuint)(i == 20 ? 10_000 : 10) * Page, flags: Any);
            }

            for (int i = 0; i < runs.Length; i += 2)
            {
                allocator.Free(runs[i]);
            }

            return allocator;
        },
        static allocator =>
        {
            nuint retained = allocator.GetStatistics().RetainedByteCount;
            return allocator.Trim() == retained;
        },
        static (allocator, succeeded) =>
        {
            allocator.Validate();
            PageAllocatorStatistics now = allocator.GetStatistics();
            Assert.Equal(200 * Page, now.AllocatedByteCount);
            Assert.Equal(succeeded, now.RetainedByteCount == 0);
        },
        Options(isPosix));

    [Theory]
    [MemberData(nameof(Systems))]
    public void Freeing_when_nothing_is_to_be_kept_never_fails(bool isPosix) => FaultSweep.Run(
        static platform =>
        {
            PageAllocator allocator = new(new PageAllocatorOptions { Platform = platform, RetainHighMark = 0, TrimsInBackground = false });
            _ = allocator.Allocate(Page, flags: Any);
            return allocator;
        },
        static allocator =>
        {
            nuint address = allocator.Map.MinAddress;
            if (allocator.TryAllocate(64 * Page, 1, Any, out nuint run))
            {
                address = run;
                allocator.Free(run);
            }

            return address != allocator.Map.MinAddress;
        },
        static (allocator, _) =>
        {
            allocator.Validate();
            Assert.Equal(Page, allocator.GetStatistics().AllocatedByteCount);
        },
        Options(isPosix));

    [Fact]
    public void When_there_is_no_memory_for_records_nothing_changes()
    {
        FaultInjectingPlatform records = new(VmPlatform.Current);
        SimulatedPlatform platform = new();
        using PageAllocator allocator = new(new PageAllocatorOptions
        {
            Platform = platform,
            MetadataPlatform = records,
            TrimsInBackground = false,
        });
        nuint first = allocator.Allocate(Page, flags: Any);
        records.Arm(FaultPlan.Calls(1, long.MaxValue));
        int count = 0;
        while (allocator.TryAllocate(Page, 1, Any, out _))
        {
            count++;
        }

        allocator.Validate();
        Assert.Equal((nuint)(count + 1) * Page, allocator.GetStatistics().AllocatedByteCount);
        records.Disarm();
        Assert.True(allocator.TryAllocate(Page, 1, Any, out _));
        allocator.Free(first);
        allocator.Validate();
    }

    private static void Sweep(bool isPosix, Func<PageAllocator, bool> act, nuint expected) => FaultSweep.Run(
        static platform => Create(platform),
        act,
        (allocator, succeeded) =>
        {
            allocator.Validate();
            Assert.Equal(succeeded ? expected : 0, allocator.GetStatistics().AllocatedByteCount);
        },
        Options(isPosix));

    private static FaultSweepOptions Options(bool isPosix) => new()
    {
        CreatePlatform = () => new SimulatedPlatform(
            isPosix ? SimulatedPlatformOptions.PosixLike : SimulatedPlatformOptions.WindowsLike),
    };

    private static PageAllocator Create(VmPlatform platform) =>
        new(new PageAllocatorOptions { Platform = platform, TrimsInBackground = false });
}

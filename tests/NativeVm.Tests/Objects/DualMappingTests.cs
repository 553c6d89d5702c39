using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>Code is written in one view and runs in the other, and never the other way round.</summary>
public sealed unsafe class DualMappingTests
{
    private const nuint Size = ObjectSystems.MiB / 4;

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Generated_code_runs()
    {
        if (CodeSamples.ReturnNumber(42) is not { } code)
        {
            return;
        }

        using DualMapping mapping = new(new DualMappingOptions { ByteCount = Size, Name = "generated" });
        Assert.True(mapping.TryEmit(code, 16, out nuint first));
        Assert.True(mapping.TryEmit(CodeSamples.ReturnNumber(1000)!, 64, out nuint second));
        Assert.Equal((nuint)0, second & 63);
        Assert.Equal(42, ((delegate* unmanaged<int>)first)());
        Assert.Equal(1000, ((delegate* unmanaged<int>)second)());

        nuint offset = Size / 2;
        CodeSamples.ReturnNumber(7)!.CopyTo(mapping.GetWritableSpan(offset, 64));
        mapping.Publish(offset, 64).ThrowIfRefused();
        Assert.Equal(7, ((delegate* unmanaged<int>)mapping.GetExecutableAddress(offset))());

        // The same bytes again, rewritten while nobody runs them.
        CodeSamples.ReturnNumber(8)!.CopyTo(mapping.GetWritableSpan(offset, 64));
        mapping.Publish(offset, 64).ThrowIfRefused();
        Assert.Equal(8, ((delegate* unmanaged<int>)mapping.GetExecutableAddress(offset))());
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Linux)]
    public void The_system_says_that_neither_view_is_writable_and_executable()
    {
        using DualMapping mapping = new(new DualMappingOptions { ByteCount = Size });
        VmPlatform.Current.Query(mapping.WritableAddress, out RegionInfo writable).ThrowIfRefused();
        VmPlatform.Current.Query(mapping.ExecutableAddress, out RegionInfo executable).ThrowIfRefused();
        Assert.Equal(PageProtection.ReadWrite, writable.Protection);
        Assert.Equal(PageProtection.ReadExecute, executable.Protection);
        Assert.Equal(new DualMappingStatistics(2 * Size, Size, 0), mapping.GetStatistics());
    }

    [CapabilityFact(Needs.ExecutionFaults)]
    public void Executing_the_writable_view_kills() =>
        ChildProcess.Run(nameof(CodeScenarios.ExecuteWritableView)).AssertDiedOfMemoryFault();

    [Fact]
    public void Writing_the_executable_view_kills() =>
        ChildProcess.Run(nameof(CodeScenarios.WriteExecutableCode)).AssertDiedOfMemoryFault();

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Code_lies_where_it_has_to_be_reached()
    {
        // Code of this process: a function of the runtime's.
        nuint library = (nuint)(delegate* unmanaged<int, int>)&CodeSamples.Callee;
        using DualMapping near = new(new DualMappingOptions
        {
            ByteCount = Size,
            ExecutablePlacement = Placement.Within(library, (nuint)1 << 31),
        });
        nuint distance = near.ExecutableAddress > library ? near.ExecutableAddress - library : library - near.ExecutableAddress;
        Assert.True(distance < (nuint)1 << 31);
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Misuse_throws_and_a_full_mapping_says_so()
    {
        DualMapping mapping = new(new DualMappingOptions { ByteCount = 1 });
        nuint capacity = mapping.Capacity;
        Assert.True(mapping.TryEmit(new byte[capacity - 10], 1, out _));
        Assert.False(mapping.TryEmit(new byte[11], 1, out nuint none));
        Assert.Equal((nuint)0, none);
        Assert.False(mapping.TryEmit(new byte[1], 16, out _));
        Assert.True(mapping.TryEmit(new byte[10], 1, out _));
        Assert.Equal(capacity, mapping.AllocatedByteCount);
        Assert.Throws<ArgumentException>(() => mapping.TryEmit([], 3, out _));
        Assert.Throws<ArgumentException>(() => mapping.TryEmit([], 1 << 20, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.GetWritableSpan(1, capacity).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.GetExecutableAddress(capacity));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Publish(capacity, 1));
        Assert.True(mapping.Publish(capacity, 0).IsSuccess);
        mapping.Dispose();
        mapping.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapping.WritableAddress);
        Assert.Throws<ObjectDisposedException>(() => mapping.TryEmit([1], 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualMapping(new DualMappingOptions { ByteCount = 0 }));
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Threads_emit_side_by_side()
    {
        using DualMapping mapping = new(new DualMappingOptions { ByteCount = Size });
        nuint[][] addresses = new nuint[4][];
        Parallel.For(0, addresses.Length, thread =>
        {
            addresses[thread] = new nuint[500];
            byte[] code = new byte[24];
            for (int i = 0; i < addresses[thread].Length; i++)
            {
                Array.Fill(code, (byte)((thread * 31) + i));
                Assert.True(mapping.TryEmit(code, 8, out addresses[thread][i]));
            }
        });
        for (int thread = 0; thread < addresses.Length; thread++)
        {
            for (int i = 0; i < addresses[thread].Length; i++)
            {
                Assert.Equal(-1, new Span<byte>((void*)addresses[thread][i], 24).IndexOfAnyExcept((byte)((thread * 31) + i)));
            }
        }
    }

    [Fact]
    public void Every_refusal_leaves_nothing_behind()
    {
        foreach (FaultSweepOptions options in ObjectSystems.Simulated)
        {
            foreach (bool isInMap in (bool[])[false, true])
            {
                if (isInMap && !options.CreatePlatform().Supports(PlatformCapabilities.RangesSpanReservations))
                {
                    continue;
                }

                FaultSweepReport report = FaultSweep.Run(
                    platform => new ObjectState(platform, isInMap),
                    Make,
                    (state, succeeded) => state.Verify(succeeded),
                    options);
                Assert.True(report.FailedRunCount > 0, "Something was refused.");
            }
        }
    }

    private static bool Make(ObjectState state)
    {
        VmResult result = DualMapping.TryCreate(
            new DualMappingOptions { ByteCount = Size, Map = state.Map, Platform = state.Platform },
            out DualMapping? mapping);
        Assert.Equal(result.IsSuccess, mapping is not null);
        return state.Keep(mapping);
    }
}

using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Arenas;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Arrays;

public sealed class VirtualArrayTests
{
    private const nuint KiB = TestArenas.KiB;
    private const nuint MiB = TestArenas.MiB;

    [Fact]
    public void An_array_does_what_a_list_does()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, ushort)[]>(), operations =>
        {
            Run<long>(operations, value => value);
            Run<(int A, int B, int C)>(operations, value => (value, ~value, value * 3));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(200));
    }

    [Fact]
    public void Elements_and_spans_stay_where_they_are_while_the_array_grows()
    {
        using VirtualArray<long> array = new(new VirtualArrayOptions { Capacity = 1 << 24 });
        array.Add(41);
        ref long first = ref array[0];
        Span<long> span = array.AsSpan();
        for (long i = 1; i < 2_000_000; i++)
        {
            array.Add(i);
        }

        first++;
        Assert.Equal(42, span[0]);
        Assert.True(Unsafe.AreSame(ref first, ref array[0L]));
        long sum = 0;
        foreach (ref long element in array)
        {
            sum += element;
        }

        Assert.Equal(42 + (1_999_999L * 1_000_000), sum);
        Assert.Equal(1_999_999, array[(nuint)1_999_999]);
    }

    [CapabilityFact(Needs.CheapReservations)]
    public void More_than_two_to_the_31_elements_are_fine()
    {
        using VirtualArray<byte> array = new(new VirtualArrayOptions { Capacity = (nuint)1 << 36 });
        nuint length = ((nuint)1 << 33) + 5;
        array.Resize(length);
        Assert.Equal(length, array.Length);
        array[length - 1] = 7;
        Assert.Equal(7, array[(long)length - 1]);
        Assert.Equal(0, array[(nuint)1 << 32]);
        Assert.Equal(7, array.AsSpan(length - 5)[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.AsSpan().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[length]);
        Assert.True(TestArenas.ResidentByteCount(array.BaseAddress, MiB) == 0, "What is not touched is not resident.");
        Assert.Equal(VmResult.Success, array.Truncate(10));
    }

    [Fact]
    public void Truncation_gives_pages_back_and_growth_reads_zeros()
    {
        using VirtualArray<int> array = new(new VirtualArrayOptions { Capacity = 1 << 22 });
        array.Resize(1 << 20);
        array.AsSpan().Fill(9);
        array.Resize(10);
        Assert.Equal(4 * MiB, TestArenas.ResidentByteCount(array.BaseAddress, 4 * MiB));
        array.Resize(1 << 20);
        Assert.Equal(9, array[9L]);
        Assert.Equal(-1, array.AsSpan(10).IndexOfAnyExcept(0));
        array.AsSpan().Fill(9);
        Assert.Equal(VmResult.Success, array.Truncate(10));
        Assert.Equal(array.Map.PageSize, array.GetStatistics().CommittedByteCount);
        Assert.False(TestArenas.IsCommitted(array.BaseAddress + array.Map.PageSize));
        array.Resize(1 << 20);
        Assert.Equal(-1, array.AsSpan(10).IndexOfAnyExcept(0));
    }

    [Fact]
    public void Elements_of_the_array_can_be_appended_to_it()
    {
        using VirtualArray<int> array = new(new VirtualArrayOptions { Capacity = 1 << 20, CommitStep = 1 });
        array.AddRange([1, 2, 3]);
        while (array.Length < 100_000)
        {
            array.AddRange(array.AsSpan());
            array.Add(array[0L]);
        }

        Assert.Equal([1, 2, 3, 1, 2, 3, 1], array.AsSpan(0, 7));
        nuint zeroed = array.AddZeroed(5);
        Assert.Equal(-1, array.AsSpan(zeroed).IndexOfAnyExcept(0));
    }

    [Fact]
    public void Misuse_throws_and_changes_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualArray<int>(new VirtualArrayOptions { Capacity = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualArray<int>(new VirtualArrayOptions { Capacity = nuint.MaxValue / 2 }));
        VirtualArray<int> array = new(new VirtualArrayOptions { Capacity = 1000, MemoryLimit = 1 });
        Assert.Throws<InsufficientMemoryException>(() => array.Add(1));
        Assert.Throws<InsufficientMemoryException>(() => array.Resize(1001));
        Assert.False(array.TryResize(nuint.MaxValue));
        Assert.Throws<InsufficientMemoryException>(() => array.AddZeroed(nuint.MaxValue));
        Assert.Equal(VmResult.NoSpace, array.EnsureCapacity(2000));
        Assert.Throws<ArgumentOutOfRangeException>(() => array[0L]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[-1L]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.AsSpan(1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.AsSpan(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Truncate(1));
        Assert.Equal((nuint)0, array.Length);
        array.Dispose();
        array.Dispose();
        Assert.Throws<ObjectDisposedException>(() => array.Add(1));
        Assert.Throws<ObjectDisposedException>(() => array[0L]);
        Assert.Throws<ObjectDisposedException>(() => array.Resize(0));
        Assert.Throws<ObjectDisposedException>(() => array.Truncate(0));
        Assert.Throws<ObjectDisposedException>(() => array.AsSpan().Length);
        Assert.Throws<ObjectDisposedException>(() => array.GetStatistics());
        Assert.Throws<ObjectDisposedException>(() => array.GetEnumerator().MoveNext());
    }

    [Fact]
    public void Readers_see_every_element_below_a_length_that_they_have_seen()
    {
        using VirtualArray<long> array = new(new VirtualArrayOptions { Capacity = 1 << 20 });
        const long Count = 300_000;
        long wrong = 0;
        TestThreads readers = TestThreads.Start(4, _ =>
        {
            nuint length;
            while ((length = array.Length) < Count)
            {
                if (length != 0 && array[length - 1] != (long)length)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        for (long i = 1; i <= Count; i++)
        {
            array.Add(i);
        }

        readers.Join();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_refusal_leaves_the_array_as_it_was()
    {
        Func<VirtualArray<long>, bool>[] acts =
        [
            array => array.TryResize(100_000),
            array => array.EnsureCapacity(100_000).IsSuccess,
            array => array.Truncate(10).IsSuccess,
        ];
        foreach (FaultSweepOptions options in TestArenas.Simulated)
        {
            foreach (Func<VirtualArray<long>, bool> act in acts)
            {
                FaultSweepReport report = FaultSweep.Run(
                    platform => new State(platform), state => act(state.Array), (state, isDone) => state.Verify(isDone), options);
                Assert.True(report.FailedRunCount > 0, "Something was refused.");
            }
        }
    }

    [Fact]
    public void Appending_allocates_nothing_on_the_managed_heap()
    {
        using VirtualArray<long> array = new(new VirtualArrayOptions { Capacity = 1 << 20 });
        long[] more = [1, 2, 3];
        Assert.Equal(0, ManagedAllocations.Of(() => Append(array, more)));
    }

    private static void Append(VirtualArray<long> array, long[] more)
    {
        for (long i = 0; i < 100_000; i++)
        {
            array.Add(i);
        }

        array.AddRange(more);
        array.Resize(5);
        array.Truncate(0);
    }

    [Fact]
    public void A_span_of_what_was_truncated_kills() =>
        ChildProcess.Run(nameof(LinearArenaScenarios.TouchTruncated)).AssertDiedOfMemoryFault();

    private static void Run<T>((byte Kind, ushort Argument)[] operations, Func<int, T> make)
        where T : unmanaged
    {
        using VirtualArray<T> array = new(new VirtualArrayOptions { Capacity = 20_000, CommitStep = 4 * KiB });
        List<T> model = [];
        foreach ((byte kind, ushort argument) in operations)
        {
            nuint length = argument % 20_001u;
            switch (kind % 8)
            {
                case < 3:
                    for (int i = 0; i < argument % 700 && model.Count < 20_000; i++)
                    {
                        array.Add(make(i + kind));
                        model.Add(make(i + kind));
                    }

                    break;
                case 3:
                    array.Resize(length);
                    while (model.Count < (int)length)
                    {
                        model.Add(default);
                    }

                    model.RemoveRange((int)length, model.Count - (int)length);
                    break;
                case 4 when length <= array.Length:
                    Assert.Equal(VmResult.Success, array.Truncate(length));
                    model.RemoveRange((int)length, model.Count - (int)length);
                    break;
                case 5 when length < array.Length:
                    array[length] = make(argument);
                    model[(int)length] = make(argument);
                    break;
                case 6:
                    Assert.Equal(VmResult.Success, array.EnsureCapacity(length));
                    break;
                default:
                    break;
            }

            Assert.Equal((nuint)model.Count, array.Length);
        }

        Assert.True(array.AsSpan().SequenceEqual(model.ToArray()), "The elements are those of the list.");
    }

    private sealed class State : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly VirtualArrayStatistics _before;
        private readonly string _picture;

        public State(VmPlatform platform)
        {
            _platform = platform;
            Array = new VirtualArray<long>(new VirtualArrayOptions { Capacity = 1 << 20, Platform = platform });
            Array.Resize(30_000);
            _before = Array.GetStatistics();
            _picture = TestArenas.Picture(platform);
        }

        public VirtualArray<long> Array { get; }

        public void Verify(bool isDone)
        {
            Array.Map.Validate();
            Assert.Equal(Array.Map.GetStatistics().CommittedByteCount, Array.GetStatistics().CommittedByteCount);
            if (!isDone)
            {
                Assert.Equal(_before, Array.GetStatistics());
                Assert.Equal(_picture, TestArenas.Picture(_platform));
            }
        }

        public void Dispose() => Array.Dispose();
    }
}

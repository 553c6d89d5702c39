using System.Runtime.InteropServices;
using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>Stacks in use: under an interpreter, and under a native thread.</summary>
public sealed unsafe partial class StackUseTests
{
    private const nuint MaxByteCount = 1 << 20;

    [Fact]
    public void An_interpreter_runs_on_a_stack_that_grows_page_by_page_and_shrinks()
    {
        using VmMap map = TestMaps.Real(4 * MaxByteCount);
        Assert.Equal(VmResult.Success, map.FindStack(MaxByteCount, 1, 1, 7, out nuint top));
        InterpreterStack stack = new(map, top);
        Assert.Equal(5000L * 5001 / 2, SumTo(ref stack, 5000));
        nuint deep = map.GetStatistics().CommittedByteCount;
        Assert.InRange(deep, (nuint)(5000 * sizeof(long)), (nuint)(5000 * sizeof(long)) + (2 * map.PageSize));

        // The reserve is what the stack has not used, and stays with its lowest piece.
        using (map.EnterReadLock())
        {
            Assert.True(map.TryLookup(top - deep, out VmEntry lowest));
            Assert.Equal(MaxByteCount - deep, lowest.Attributes.GrowthReserve);
        }

        SystemState.Compare(map, "deep");
        Assert.Equal(VmResult.Success, map.ShrinkStack(top - 1));
        Assert.Equal(map.PageSize, map.GetStatistics().CommittedByteCount);
        SystemState.Compare(map, "shrunken");

        // What is grown into again reads as zeros, and the limit is where it was.
        Assert.Equal(VmResult.Success, map.GrowStack(top - MaxByteCount));
        Assert.Equal(-1, new Span<byte>((void*)(top - MaxByteCount), (int)(MaxByteCount - map.PageSize)).IndexOfAnyExcept((byte)0));
        Assert.Equal(VmResult.Success, map.GrowStack(top - MaxByteCount - 1));
        Assert.Equal(MaxByteCount, map.GetStatistics().CommittedByteCount);
        SystemState.Compare(map, "full");
        Assert.Equal(VmResult.Success, map.Remove(top - MaxByteCount - map.PageSize, MaxByteCount + map.PageSize));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [Fact]
    public void A_reserve_stays_with_the_lowest_piece_when_upper_ones_change()
    {
        using VmMap map = TestMaps.Real(4 * MaxByteCount);
        nuint page = map.PageSize;
        Assert.Equal(VmResult.Success, map.FindStack(16 * page, 4 * page, page, 7, out nuint top));
        Assert.Equal(VmResult.Success, map.Protect(top - (2 * page), page, PageProtection.Read));
        Assert.Equal(VmResult.Success, map.GrowStack(top - (6 * page)));
        using (map.EnterReadLock())
        {
            Assert.True(map.TryLookup(top - (6 * page), out VmEntry lowest));
            Assert.Equal((10 * page, top - (2 * page)), (lowest.Attributes.GrowthReserve, lowest.End));
            Assert.True(map.TryLookup(top - 1, out VmEntry highest));
            Assert.Equal((nuint)0, highest.Attributes.GrowthReserve);
        }

        Assert.Equal(VmResult.InvalidAddress, map.ShrinkStack(top - 1));
        Assert.Equal(VmResult.Success, map.ShrinkStack(top - (3 * page)));
        SystemState.Compare(map, "pieces");
    }

    [CapabilityFact(Needs.Linux)]
    public void A_native_thread_runs_on_a_stack_of_the_map()
    {
        const int AttributesByteCount = 256;
        using VmMap map = TestMaps.Real(4 * MaxByteCount);
        Assert.Equal(VmResult.Success, map.FindStack(MaxByteCount, MaxByteCount, map.PageSize, 0, out nuint top));
        byte* attributes = stackalloc byte[AttributesByteCount];
        nint start = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "malloc") is var malloc && malloc != 0 ? malloc : 0;
        Assert.Equal(0, PosixThreads.InitializeAttributes(attributes));
        Assert.Equal(0, PosixThreads.SetStack(attributes, (void*)(top - MaxByteCount), MaxByteCount));
        Assert.Equal(0, PosixThreads.Create(out nint thread, attributes, start, 64));
        Assert.Equal(0, PosixThreads.Join(thread, out nint result));
        Assert.NotEqual(0, result);
        NativeMemory.Free((void*)result);
        Assert.True(map.Platform.QueryResident(top - MaxByteCount, MaxByteCount, out nuint resident).IsSuccess);
        Assert.InRange(resident, map.PageSize, MaxByteCount);
    }

    /// <summary>The sum of the numbers up to one, by as many calls on the interpreter's stack.</summary>
    private static long SumTo(ref InterpreterStack stack, long number)
    {
        for (long n = number; n > 0; n--)
        {
            stack.Push(n);
        }

        long sum = 0;
        for (long n = 0; n < number; n++)
        {
            sum += stack.Pop();
        }

        return sum;
    }

    private struct InterpreterStack(VmMap map, nuint top)
    {
        private nuint _pointer = top;
        private nuint _committed = top - map.PageSize;

        public void Push(long value)
        {
            _pointer -= sizeof(long);
            if (_pointer < _committed)
            {
                map.GrowStack(_pointer).ThrowIfFailed();
                _committed = _pointer & ~(map.PageSize - 1);
            }

            *(long*)_pointer = value;
        }

        public long Pop()
        {
            long value = *(long*)_pointer;
            _pointer += sizeof(long);
            return value;
        }
    }

    private static partial class PosixThreads
    {
        [LibraryImport("libc", EntryPoint = "pthread_attr_init")]
        public static partial int InitializeAttributes(byte* attributes);

        [LibraryImport("libc", EntryPoint = "pthread_attr_setstack")]
        public static partial int SetStack(byte* attributes, void* lowest, nuint byteCount);

        [LibraryImport("libc", EntryPoint = "pthread_create")]
        public static partial int Create(out nint thread, byte* attributes, nint start, nint argument);

        [LibraryImport("libc", EntryPoint = "pthread_join")]
        public static partial int Join(nint thread, out nint result);
    }
}

using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Limits;

/// <summary>A process that forks while its memory is in use. Runs in a child process.</summary>
internal static unsafe class ForkScenarios
{
    private const int SeesWrongCopy = 3;
    private const int SeesWhatIsNotInherited = 4;
    private const int SeesWrongShare = 5;

    /// <summary>
    /// The copy sees a copy of what is copied, the pages of what is shared, and nothing of what is not inherited; the
    /// parent goes on as if nothing had been.
    /// </summary>
    public static void ForkWhileInUse(string[] arguments)
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 16 << 20 });
        nuint page = map.PageSize;
        map.Find(4 * page, VmEntryAttributes.ReadWrite, out nuint copied).ThrowIfFailed();
        map.Find(4 * page, VmEntryAttributes.ReadWrite with { Inheritance = PageInheritance.None, Tag = 1 }, out nuint hidden).ThrowIfFailed();
        map.Platform.CreateSharedMemory(4 * page, "fork", out MemoryObjectHandle? memory).ThrowIfRefused();
        using MemoryObjectHandle source = memory!;
        map.MapObject(4 * page, 1, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, 2, out nuint shared).ThrowIfFailed();

        using VmHeap heap = new(new VmHeapOptions());
        bool isOver = false;
        TestThreads users = TestThreads.Start(3, _ =>
        {
            while (!Volatile.Read(ref isOver))
            {
                heap.Free(heap.Allocate(100_000));
            }
        });

        // Once beforehand, so that the copy finds all that it calls compiled.
        _ = LookAround(copied, hidden, shared, page);
        for (int round = 0; round < 10; round++)
        {
            *(byte*)copied = 1;
            *(byte*)hidden = 1;
            *(byte*)shared = 1;
            int process = ProcessCalls.Fork();
            if (process == 0)
            {
                ProcessCalls.End(LookAround(copied, hidden, shared, page));
            }

            int status = -1;
            Assert.Equal(process, ProcessCalls.Wait(process, &status, 0));
            Assert.Equal(0, status);
            Assert.Equal((1, 1, 2), (*(byte*)copied, *(byte*)hidden, *(byte*)shared));
        }

        Volatile.Write(ref isOver, true);
        users.Join();
        map.Validate();
        heap.Validate();
    }

    private static int LookAround(nuint copied, nuint hidden, nuint shared, nuint page)
    {
        byte* resident = stackalloc byte[4];
        if (*(byte*)copied != 1)
        {
            return SeesWrongCopy;
        }

        if (ProcessCalls.LookAt(hidden, 4 * page, resident) == 0)
        {
            return SeesWhatIsNotInherited;
        }

        if (*(byte*)shared != 1)
        {
            return SeesWrongShare;
        }

        *(byte*)copied = 2;
        *(byte*)shared = 2;
        return 0;
    }
}

using System.Globalization;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Limits;

/// <summary>Allocators in a control group with a limit on memory. Each runs in a child process.</summary>
internal static unsafe class MemoryGroupScenarios
{
    /// <summary>What the group may be charged with: enough for the runtime, and for few runs.</summary>
    public const int LimitByteCount = 160 << 20;

    private const int MiB = 1 << 20;

    // What the runtime may come to hold by the way.
    private const long Slack = 24 * MiB;

    /// <summary>
    /// Twelve times the limit is touched and given back, in runs, in blocks, by decommit and by purge: what is given
    /// back is no longer charged, or the process would not see the end.
    /// </summary>
    public static void WorkWithinLimit(string[] arguments)
    {
        string usageFile = arguments[0];
        using VmMap map = new(new VmMapOptions { ByteCount = 256 * MiB });
        using PageAllocator pages = new(new PageAllocatorOptions { RetainHighMark = 8 * MiB });
        using VmHeap heap = new(new VmHeapOptions { RetainHighMark = 8 * MiB });
        using VmHeap hardened = new(new VmHeapOptions { RetainHighMark = 8 * MiB, Hardening = VmHeapHardening.All });
        long before = 0;
        for (int round = 0; round < 12; round++)
        {
            TouchRuns(pages);
            TouchBlocks(heap);
            TouchBlocks(hardened);
            TouchPages(map);

            // The first round compiles what the rest runs.
            long usage = Usage(usageFile);
            before = round == 0 ? usage : before;
            Assert.True(usage < before + Slack, $"Round {round}: {usage} bytes, {before} after the first.");
        }
    }

    /// <summary>More is committed than the group may hold, which costs nothing, and touched, which does.</summary>
    public static void GoPastLimit(string[] arguments)
    {
        using PageAllocator pages = new(new PageAllocatorOptions());
        nuint run = pages.Allocate(2 * (nuint)LimitByteCount);
        Span<byte> bytes = new((void*)run, 2 * LimitByteCount);
        bytes[..(16 * MiB)].Fill(1);
        Console.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        bytes.Fill(2);
    }

    private static void TouchRuns(PageAllocator pages)
    {
        nuint[] runs = new nuint[8];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = pages.Allocate(6 * MiB);
            new Span<byte>((void*)runs[i], 6 * MiB).Fill(1);
        }

        Array.ForEach(runs, pages.Free);
    }

    private static void TouchBlocks(VmHeap heap)
    {
        nint[] blocks = new nint[48];
        for (int i = 0; i < blocks.Length; i++)
        {
            int byteCount = (i % 4 * MiB / 2) + 1000;
            blocks[i] = (nint)heap.Allocate((nuint)byteCount);
            new Span<byte>((void*)blocks[i], byteCount).Fill(1);
        }

        foreach (nint block in blocks)
        {
            heap.Free((void*)block);
        }

        _ = heap.Trim();
    }

    private static void TouchPages(VmMap map)
    {
        map.Find(48 * MiB, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        Span<byte> bytes = new((void*)address, 48 * MiB);
        bytes.Fill(1);
        map.Advise(address, 48 * MiB, VmAdvice.DontNeed).ThrowIfFailed();
        Assert.False(bytes[..MiB].ContainsAnyExcept((byte)0));
        bytes.Fill(2);
        map.Decommit(address, 24 * MiB).ThrowIfFailed();
        map.Remove(address, 48 * MiB).ThrowIfFailed();
    }

    private static long Usage(string file) => long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
}

using System.Numerics;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Replay.Heaps;

/// <summary>Tells afterwards what lay where at each moment of a malloc replay, from where its blocks were put.</summary>
/// <remarks>
/// A heap has a hundred thousand blocks at once; what is told of it is how much of each cell is live, a cell being a
/// page or, in large heaps, a power of two of pages.
/// </remarks>
internal static class HeapFrames
{
    private const ulong SmallestCell = 4096;
    private const ulong CellsAtPeak = 768;

    /// <summary>After which step the most bytes are live.</summary>
    /// <param name="trace">The trace.</param>
    public static int FullestStep(MallocTrace trace)
    {
        ulong[] lengths = new ulong[trace.SlotCount];
        ulong live = 0;
        ulong most = 0;
        int fullest = trace.Steps.Length;
        for (int i = 0; i < trace.Steps.Length; i++)
        {
            MallocStep step = trace.Steps[i];
            live += step.ByteCount - lengths[step.Slot];
            lengths[step.Slot] = step.ByteCount;
            if (live > most)
            {
                most = live;
                fullest = i + 1;
            }
        }

        return fullest;
    }

    /// <summary>Adds to a run what lay where.</summary>
    /// <param name="run">The run.</param>
    /// <param name="trace">What was replayed.</param>
    /// <param name="addresses">The address of the block of each step after it.</param>
    /// <param name="fullestStep">After which step the most bytes are live.</param>
    public static ReplayRun AddTo(ReplayRun run, MallocTrace trace, nuint[] addresses, int fullestStep)
    {
        ulong cell = Math.Max(SmallestCell, BitOperations.RoundUpToPowerOf2((trace.PeakByteCount / CellsAtPeak) + 1));
        (nuint Address, ulong ByteCount)[] blocks = new (nuint, ulong)[trace.SlotCount];
        SpaceRecorder recorder = new();
        List<ReplaySample> samples = new(run.Samples.Count);
        IReadOnlyList<PictureRun> fullest = [];
        int done = 0;
        ulong live = 0;
        foreach (ReplaySample sample in run.Samples)
        {
            for (; done < sample.StepCount; done++)
            {
                MallocStep step = trace.Steps[done];
                live += step.ByteCount - blocks[step.Slot].ByteCount;
                blocks[step.Slot] = (addresses[done], step.ByteCount);
            }

            List<PictureRun> runs = Runs(blocks, cell);
            recorder.Add(runs.Select(one => (one, 0)));
            samples.Add(sample with
            {
                LiveByteCount = (nuint)live,
                MappedByteCount = (nuint)live,
                Fragmentation = Overhead(run, sample, live),
            });
            fullest = sample.StepCount == fullestStep ? runs : fullest;
        }

        return run with
        {
            Samples = samples,
            FullestPicture = fullest,
            FullestSample = samples.FindIndex(sample => sample.StepCount == fullestStep),
            Rectangles = recorder.Rectangles(),
        };
    }

    // What the heap takes is what the resident set has grown by since before its first call.
    private static double Overhead(ReplayRun run, ReplaySample sample, ulong live)
    {
        ulong resident = sample.Memory.ResidentByteCount;
        ulong growth = resident > run.Start.ResidentByteCount ? resident - run.Start.ResidentByteCount : 0;
        return growth > live ? 1 - ((double)live / growth) : 0;
    }

    private static List<PictureRun> Runs((nuint Address, ulong ByteCount)[] blocks, ulong cell)
    {
        Dictionary<ulong, ulong> liveOfCell = [];
        foreach ((nuint address, ulong byteCount) in blocks)
        {
            ulong end = address + byteCount;
            for (ulong start = address; address != 0 && start < end;)
            {
                ulong next = Math.Min(end, ((start / cell) + 1) * cell);
                System.Runtime.InteropServices.CollectionsMarshal
                    .GetValueRefOrAddDefault(liveOfCell, start / cell, out _) += next - start;
                start = next;
            }
        }

        List<PictureRun> runs = [];
        foreach ((ulong index, ulong live) in liveOfCell.OrderBy(pair => pair.Key))
        {
            // In steps that an eye can tell apart, so that neighbours merge and moments have rectangles in common.
            double share = Math.Ceiling(Math.Min(1, (double)live / cell) * 15) / 15;
            PictureRun run = new(index * cell, (index + 1) * cell, CellKind.ReadWrite, share);
            if (runs.Count != 0 && runs[^1].End == run.Start && runs[^1].Share == share)
            {
                runs[^1] = runs[^1] with { End = run.End };
            }
            else
            {
                runs.Add(run);
            }
        }

        return runs;
    }
}

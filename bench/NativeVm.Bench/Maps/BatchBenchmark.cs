using BenchmarkDotNet.Attributes;
using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Platform;

namespace NativeVm.Bench.Maps;

/// <summary>Building an index and emptying it: at once, and entry by entry. Times are those of all entries.</summary>
public class BatchBenchmark
{
    private const ulong Period = 40;
    private EntryRecord[] _entries = [];

    [Params(1_000, 100_000, 1_000_000)]
    public int Live { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _entries = new EntryRecord[Live];
        for (int i = 0; i < Live; i++)
        {
            ulong start = (ulong)i * Period;
            _entries[i] = new EntryRecord { Start = start, End = start + 1 + ((ulong)i % (Period - 1)), Tag = (ulong)i };
        }
    }

    [Benchmark(Baseline = true)]
    public nuint Insert_and_remove_one_by_one()
    {
        using BPlusTreeIndex index = Make();
        foreach (ref readonly EntryRecord entry in _entries.AsSpan())
        {
            index.TryReserve(1);
            index.Insert(entry);
        }

        foreach (ref readonly EntryRecord entry in _entries.AsSpan())
        {
            index.Remove(entry.Start);
        }

        return index.Count;
    }

    [Benchmark]
    public nuint Build_and_remove_range()
    {
        using BPlusTreeIndex index = Make();
        index.TryBuildFrom(_entries);
        index.RemoveRange(0, index.EndPage);
        return index.Count;
    }

    private BPlusTreeIndex Make() => new(VmPlatform.Current, 0, (ulong)Live * Period);
}

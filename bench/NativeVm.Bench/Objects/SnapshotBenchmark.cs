using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Objects;

/// <summary>Takes a snapshot of 64 MiB, of which some pages were written since the last, and disposes of it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The harness has it disposed of in the global cleanup.")]
public class SnapshotBenchmark
{
    private const nuint ByteCount = 64 << 20;
    private const nuint PageByteCount = 4096;

    private VmSnapshotRange _range = null!;

    /// <summary>How many pages are written before each snapshot.</summary>
    [Params(0, 16, 1024)]
    public int WrittenPages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _range = new VmSnapshotRange(new VmSnapshotOptions { ByteCount = ByteCount });
        _range.GetSpan(0, ByteCount).Fill(1);
    }

    [GlobalCleanup]
    public void Cleanup() => _range.Dispose();

    [Benchmark]
    public void WriteAndTake()
    {
        Write();
        _range.Take().Dispose();
    }

    [Benchmark(Baseline = true)]
    public void WriteAndCopyAll()
    {
        Write();
        using WholeCopy copy = new(_range.GetSpan(0, ByteCount));
    }

    private void Write()
    {
        nuint step = ByteCount / (nuint)Math.Max(WrittenPages, 1);
        for (int i = 0; i < WrittenPages; i++)
        {
            _range.GetSpan((nuint)i * step, PageByteCount)[i & 4095]++;
        }
    }

    /// <summary>What one would write instead: memory of the same length, and a copy.</summary>
    private readonly unsafe ref struct WholeCopy
    {
        private readonly void* _memory;

        public WholeCopy(ReadOnlySpan<byte> contents)
        {
            _memory = NativeMemory.Alloc((nuint)contents.Length);
            contents.CopyTo(new Span<byte>(_memory, contents.Length));
        }

        public void Dispose() => NativeMemory.Free(_memory);
    }
}

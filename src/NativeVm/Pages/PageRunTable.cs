using System.Diagnostics;
using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm.Pages;

/// <summary>
/// The records of all runs, in native memory that never moves: a record is found by its number from one base, and
/// the upper bits of the number say which shard it belongs to.
/// </summary>
/// <remarks>
/// <para>
/// Each shard has a region of its own, reserved at once and committed from its start. The first page of a region
/// holds the shard's bins; records follow. Committed memory is never given back before disposal, so that a number
/// read without a lock leads to a record, though perhaps to one that stands for something else by now; whoever
/// reads one checks what it says.
/// </para>
/// <para>Commits for a shard are made under its gate.</para>
/// </remarks>
internal sealed unsafe class PageRunTable : IDisposable
{
    /// <summary>Bytes at the start of a region for the bins.</summary>
    public const nuint HeaderByteCount = 64 << 10;

    private const int LeastShift = 13;
    private const int MostShift = 26;
    private const nuint LeastStep = 64 << 10;

    private readonly VmPlatform _platform;
    private readonly nuint[] _committed;
    private nuint _reservedByteCount;

    /// <param name="platform">Where the memory comes from; real memory.</param>
    /// <param name="shardCount">How many regions.</param>
    /// <param name="pageCount">Pages that there can be runs of.</param>
    public PageRunTable(VmPlatform platform, int shardCount, ulong pageCount)
    {
        _platform = platform;
        _committed = new nuint[shardCount];
        int shift = LeastShift;
        while (shift < MostShift && (1UL << shift) < pageCount + (HeaderByteCount / (nuint)sizeof(PageRun)))
        {
            shift++;
        }

        SystemReply reply;
        nuint address;
        do
        {
            Shift = shift--;
            _reservedByteCount = AlignUp(RegionByteCount * (nuint)shardCount, platform.AllocationGranularity);
            reply = platform.Reserve(_reservedByteCount, Placement.Anywhere, out address);
        }
        while (reply.IsRefused && shift >= LeastShift);
        reply.ThrowIfRefused();
        Runs = (PageRun*)address;
    }

    ~PageRunTable() => ReleaseAll();

    /// <summary>The record with number 0, which stands for none.</summary>
    public PageRun* Runs { get; private set; }

    /// <summary>A record's number without its lowest bits, so many, is its shard's.</summary>
    public int Shift { get; }

    /// <summary>Bytes with memory behind them.</summary>
    public nuint CommittedByteCount
    {
        get
        {
            nuint total = 0;
            foreach (nuint committed in _committed)
            {
                total += committed;
            }

            return total;
        }
    }

    private nuint RegionByteCount => (nuint)sizeof(PageRun) << Shift;

    /// <summary>The bins of a shard.</summary>
    public byte* Header(int shard) => (byte*)Runs + ((nuint)shard * RegionByteCount);

    /// <summary>The number of a shard's first record.</summary>
    public uint FirstId(int shard) => ((uint)shard << Shift) + (uint)(HeaderByteCount / (nuint)sizeof(PageRun));

    /// <summary>The number behind the last record that a shard can use now.</summary>
    public uint EndId(int shard) => ((uint)shard << Shift) + (uint)(_committed[shard] / (nuint)sizeof(PageRun));

    /// <summary>Commits more records of a shard.</summary>
    public bool TryGrow(int shard)
    {
        nuint committed = _committed[shard];
        nuint step = AlignUp(Math.Max(LeastStep, committed / 8), LeastStep);
        nuint end = Math.Min(committed + step, RegionByteCount);
        if (end == committed
            || _platform.Commit((nuint)Header(shard) + committed, end - committed, PageProtection.ReadWrite).IsRefused)
        {
            return false;
        }

        _committed[shard] = end;
        return true;
    }

    public void Dispose()
    {
        ReleaseAll();
        GC.SuppressFinalize(this);
    }

    private static nuint AlignUp(nuint value, nuint powerOfTwo) => (value + (powerOfTwo - 1)) & ~(powerOfTwo - 1);

    private void ReleaseAll()
    {
        if (Runs == null)
        {
            return;
        }

        SystemReply reply = Insistence.On(() => _platform.Release((nuint)Runs, _reservedByteCount));
        Debug.Assert(reply.IsSuccess, "A whole reservation of our own can be released.");
        Runs = null;
        _reservedByteCount = 0;
    }
}

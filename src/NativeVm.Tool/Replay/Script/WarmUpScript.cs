using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Script;

/// <summary>A small script with steps of every kind.</summary>
internal static class WarmUpScript
{
    private const int BlockCount = 512;

    /// <summary>Makes the script.</summary>
    /// <param name="pageSize">The page size of this machine, in bytes.</param>
    public static ReplayScript Create(nuint pageSize)
    {
        List<ReplayStep> steps = [];
        List<ReplayStep> removal = [];
        for (int block = 0; block < BlockCount; block++)
        {
            bool isReserved = block % 4 == 0;
            PageProtection first = isReserved ? PageProtection.None : PageProtection.ReadWrite;
            Add(ReplayStepKind.Map, first, block, 0, 4);
            Add(ReplayStepKind.Protect, PageProtection.ReadWrite, block, 1, 1);
            Add(ReplayStepKind.Touch, PageProtection.ReadWrite, block, 1, 1);
            Add(ReplayStepKind.Discard, PageProtection.ReadWrite, block, 1, 1);
            Add(ReplayStepKind.Replace, PageProtection.Read, block, 2, 1);
            Add(ReplayStepKind.Unmap, PageProtection.None, block, 0, 1);
            removal.Add(new ReplayStep(
                ReplayStepKind.Unmap, PageProtection.None, EndsBlock: true, block, pageSize, pageSize * 3));
        }

        return new ReplayScript
        {
            Steps = [.. steps],
            Removal = [.. removal],
            BlockCount = BlockCount,
            AddressSpaceCount = 1,
            FullestStep = steps.Count,
            PeakMappedByteCount = BlockCount * 4 * (ulong)pageSize,
            PeakTouchedByteCount = 0,
            TouchedByteCount = BlockCount * (ulong)pageSize,
            WriteExecuteCount = 0,
            RemapCount = 0,
        };

        void Add(ReplayStepKind kind, PageProtection protection, int block, uint page, uint pageCount) =>
            steps.Add(new ReplayStep(kind, protection, EndsBlock: false, block, page * pageSize, pageCount * pageSize));
    }
}

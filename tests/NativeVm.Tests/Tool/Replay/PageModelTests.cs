using NativeVm.Platform;
using NativeVm.Tests.Tool.Traces;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using static NativeVm.Tests.Tool.Replay.TestReplay;

namespace NativeVm.Tests.Tool.Replay;

/// <summary>
/// Random traces of two processes beside the plainest model of a kernel, one protection for each page: what is
/// replayed has as many pages of each protection as the traced processes had, at every step that can be looked at.
/// </summary>
public class PageModelTests
{
    private const int PageCount = 24;
    private const int FilePage = -1;
    private static readonly (string Text, PageProtection Protection)[] Protections =
    [
        ("PROT_NONE", PageProtection.None),
        ("PROT_READ", PageProtection.Read),
        ("PROT_READ|PROT_WRITE", PageProtection.ReadWrite),
        ("PROT_READ|PROT_EXEC", PageProtection.ReadExecute),
        ("PROT_READ|PROT_WRITE|PROT_EXEC", PageProtection.ReadWrite),
    ];

    [Fact]
    public void A_replay_has_the_pages_of_the_traced_processes()
    {
        Random random = new(3);
        for (int run = 0; run < 400; run++)
        {
            Dictionary<int, int?[]> processes = new() { [1] = new int?[PageCount], [2] = new int?[PageCount] };
            List<string> lines = ["1 brk(NULL) = 0x900000", "2 brk(NULL) = 0xa00000"];
            int length = random.Next(1, 40);
            for (int i = 0; i < length; i++)
            {
                int pid = random.Next(1, 3);
                lines.Add(AddRandomCall(random, pid, processes[pid]));
            }

            int[] expected = [.. processes.Values.SelectMany(pages => pages).OfType<int>().Where(page => page != FilePage).Order()];
            ReplayScript script = ScriptBuilder.Build(TraceText.Read([.. lines]), 4096);

            FakeTarget target = new();
            ReplayScript withoutRemoval = WithoutRemoval(script);
            ReplayRun replay = ReplayEngine.Run(withoutRemoval, () => target, Options);
            Assert.Equal(expected, target.Pages.Values.Select(protection => (int)protection).Order());

            AssertLayout(script, target.Pages, script.Steps.Length, replay);
            ReplayEngine.Run(script, () => target = new FakeTarget(), Options);
            Assert.Empty(target.Pages);
        }
    }

    private static void AssertLayout(
        ReplayScript script, IReadOnlyDictionary<nuint, PageProtection> pages, int stepCount, ReplayRun replay)
    {
        ScriptLayout layout = new(script.Steps);
        layout.Advance(stepCount);
        Assert.Equal(
            pages.Values.Select(protection => (int)protection).Order(),
            layout.Parts().SelectMany(part => Enumerable.Repeat((int)part.Protection, (int)(part.ByteCount / 4096))).Order());

        IReadOnlyList<PlacedRange> fullest = replay.FullestLayout;
        for (int i = 1; i < fullest.Count; i++)
        {
            Assert.True(fullest[i - 1].End <= fullest[i].Start);
        }
    }

    private static ReplayScript WithoutRemoval(ReplayScript script) => new()
    {
        Steps = script.Steps,
        Removal = [],
        BlockCount = script.BlockCount,
        AddressSpaceCount = script.AddressSpaceCount,
        FullestStep = script.FullestStep,
        PeakMappedByteCount = script.PeakMappedByteCount,
        PeakTouchedByteCount = script.PeakTouchedByteCount,
        TouchedByteCount = script.TouchedByteCount,
        WriteExecuteCount = script.WriteExecuteCount,
        RemapCount = script.RemapCount,
    };

    // Addresses are pages 0x10 and up. Null is a hole; a mapped page is its protection, a file's page is -1.
    private static string AddRandomCall(Random random, int pid, int?[] pages)
    {
        int start = random.Next(PageCount);
        int count = random.Next(1, PageCount - start + 1);
        (string text, PageProtection protection) = Protections[random.Next(Protections.Length)];
        Span<int?> range = pages.AsSpan(start, count);
        switch (random.Next(6))
        {
            case 0 or 1:
                range.Fill((int)protection);
                return MapLine(pid, 0x10 + start, count, text);
            case 2:
                range.Fill(FilePage);
                return MapFileLine(pid, 0x10 + start, count);
            case 3:
                range.Clear();
                return UnmapLine(pid, 0x10 + start, count);
            case 4:
                return $"{pid} madvise(0x{0x10 + start:x}000, {count * 4096}, MADV_DONTNEED) = 0";
            default:
                foreach (ref int? page in range)
                {
                    page = page is null or FilePage ? page : (int)protection;
                }

                return ProtectLine(pid, 0x10 + start, count, text);
        }
    }
}

using NativeVm.Tool.Drawing;

namespace NativeVm.Tests.Tool.Drawing;

public class SpaceRecorderTests
{
    /// <summary>What is told of any moment is what was there at that moment, and no more rectangles than changes.</summary>
    [Fact]
    public void Every_moment_can_be_told_from_the_rectangles()
    {
        Random random = new(7);
        SpaceRecorder recorder = new();
        List<HashSet<(ulong Start, ulong Length, ulong Kind, ulong Share)>> moments = [];
        HashSet<PictureRun> runs = [];
        int changes = 0;
        for (int moment = 0; moment < 60; moment++)
        {
            for (int i = random.Next(4); i > 0; i--)
            {
                ulong start = (ulong)random.Next(30) * 4096;
                PictureRun run = new(start, start + 4096, (CellKind)random.Next(1, 5), random.Next(16) / 15.0);
                runs.RemoveWhere(one => one.Start == start);
                runs.Add(run);
                changes++;
            }

            recorder.Add(runs.Select(run => (run, 0)));
            moments.Add([.. runs.Select(run => (run.Start, run.ByteCount, (ulong)run.Kind, (ulong)Math.Round(run.Share * 15)))]);
        }

        IReadOnlyList<ulong> numbers = recorder.Rectangles();
        Assert.Equal(60, recorder.FrameCount);
        Assert.InRange(numbers.Count / 6, 1, changes);
        for (int moment = 0; moment < moments.Count; moment++)
        {
            HashSet<(ulong, ulong, ulong, ulong)> told = [];
            for (int i = 0; i < numbers.Count; i += 6)
            {
                if (numbers[i + 4] <= (ulong)moment && (ulong)moment <= numbers[i + 5])
                {
                    Assert.True(told.Add((numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3])));
                }
            }

            Assert.Equal(moments[moment].Order(), told.Order());
        }
    }

    [Fact]
    public void Labels_are_a_seventh_number()
    {
        SpaceRecorder recorder = new();
        recorder.Add([(new PictureRun(0, 4096, CellKind.ReadWrite), 3)]);
        recorder.Add([(new PictureRun(0, 4096, CellKind.ReadWrite), 3)]);
        Assert.Equal([0ul, 4096, 3, 15, 0, 1, 3], recorder.Rectangles(hasLabels: true));
    }
}

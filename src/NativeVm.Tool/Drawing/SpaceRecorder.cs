namespace NativeVm.Tool.Drawing;

/// <summary>
/// Collects what an address space holds, moment by moment, as rectangles in address and time: what stays as it is
/// from one moment to the next stays one rectangle, so that many moments cost little.
/// </summary>
internal sealed class SpaceRecorder
{
    private const double FullShare = 15;

    private Dictionary<(PictureRun Run, int Label), int> _open = [];
    private readonly List<(PictureRun Run, int Label, int First, int Last)> _rectangles = [];

    /// <summary>Moments until now.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Adds the next moment.</summary>
    /// <param name="runs">What the address space holds, and the number of each run's label.</param>
    public void Add(IEnumerable<(PictureRun Run, int Label)> runs)
    {
        Dictionary<(PictureRun Run, int Label), int> open = [];
        foreach ((PictureRun run, int label) in runs)
        {
            (PictureRun Run, int Label) key = (run with { Share = Math.Round(run.Share * FullShare) }, label);
            if (_open.TryGetValue(key, out int index))
            {
                _rectangles[index] = _rectangles[index] with { Last = FrameCount };
            }
            else
            {
                index = _rectangles.Count;
                _rectangles.Add((key.Run, label, FrameCount, FrameCount));
            }

            open[key] = index;
        }

        _open = open;
        FrameCount++;
    }

    /// <summary>The rectangles, six numbers each.</summary>
    /// <param name="hasLabels">Whether the number of the label is a seventh.</param>
    public IReadOnlyList<ulong> Rectangles(bool hasLabels = false)
    {
        List<ulong> numbers = new(_rectangles.Count * (hasLabels ? 7 : 6));
        foreach ((PictureRun run, int label, int first, int last) in _rectangles)
        {
            numbers.AddRange([run.Start, run.ByteCount, (ulong)run.Kind, (ulong)run.Share, (ulong)first, (ulong)last]);
            if (hasLabels)
            {
                numbers.Add((ulong)label);
            }
        }

        return numbers;
    }
}

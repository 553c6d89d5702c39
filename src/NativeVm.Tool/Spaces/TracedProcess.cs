using NativeVm.Tool.Commands;
using NativeVm.Tool.Ranges;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Spaces;

/// <summary>The address space of the largest program in a trace, as its calls made it, in its own addresses.</summary>
/// <remarks>
/// Two passes over the calls: the first finds which program had the most accessible memory and when, the second goes
/// there. What the system mapped before the first call (the program itself, its stack) is not in a trace.
/// </remarks>
internal sealed class TracedProcess(Trace trace, TraceMoment moment) : ISpaceSource
{
    private const ulong PageSize = 4096;
    private const ulong MaxAddress = 1UL << 47;

    private readonly Dictionary<TracedSpace, Contents> _contents = [];

    /// <inheritdoc/>
    public bool IsLive => false;

    /// <inheritdoc/>
    public AddressSpace? TryRead()
    {
        Contents fullest = Run(trace.Calls.Count);
        int callCount = moment == TraceMoment.Peak ? fullest.PeakCall : fullest.LastCall;
        int number = fullest.Number;
        Run(callCount);
        Contents at = _contents.Values.Single(contents => contents.Number == number);
        List<SpaceRegion> regions =
        [
            .. at.Ranges.Ranges.Select(range => new SpaceRegion(range.Start, range.End, range.State.Access)
            {
                Name = range.State.IsFile ? "(file)" : string.Empty,
            }),
        ];
        string process = at.OwnerId == 0 ? string.Empty : $", process {at.OwnerId}";
        string when = moment == TraceMoment.Peak ? "at its fullest" : "at its end";
        return new AddressSpace(
            $"{trace.Name}{process} {when}, call {Quantity.Count(callCount)} of {Quantity.Count(trace.Calls.Count)}",
            regions,
            HasResidency: false);
    }

    // The program with the highest peak of all calls made, which also tells when that was.
    private Contents Run(int callCount)
    {
        _contents.Clear();
        TracedSpaces spaces = new(trace.Calls);
        Contents? fullest = null;
        for (int i = 0; i < callCount; i++)
        {
            TraceCall call = trace.Calls[i];
            if (call.Kind is TraceCallKind.Exit)
            {
                spaces.Exit(call.ProcessId);
            }
            else if (call.Kind is TraceCallKind.Break)
            {
                spaces.Break(call, out _);
            }
            else if (call.Kind is not TraceCallKind.ChildEnded)
            {
                Contents contents = Of(spaces.Of(call.ProcessId));
                contents.Apply(call, i + 1);
                fullest = fullest is null || contents.PeakByteCount > fullest.PeakByteCount ? contents : fullest;
            }
        }

        return fullest ?? throw ToolException.BadInput($"{trace.Name} maps nothing.");
    }

    private Contents Of(TracedSpace space)
    {
        if (!_contents.TryGetValue(space, out Contents? contents))
        {
            contents = new Contents(_contents.Count, space.OwnerId);
            _contents.Add(space, contents);
        }

        return contents;
    }

    private readonly record struct Mapped(TraceProtection Access, bool IsFile);

    private sealed class Contents(int number, int ownerId)
    {
        private ulong _accessible;

        public int Number { get; } = number;

        public int OwnerId { get; } = ownerId;

        public RangeTable<Mapped> Ranges { get; } = new();

        public ulong PeakByteCount { get; private set; }

        public int PeakCall { get; private set; }

        public int LastCall { get; private set; }

        public void Apply(in TraceCall call, int callCount)
        {
            LastCall = callCount;
            if (!TryGetRange(call.Address, call.ByteCount, out ulong start, out ulong end))
            {
                return;
            }

            switch (call.Kind)
            {
                case TraceCallKind.MapAnonymous or TraceCallKind.MapFile:
                    Set(start, end, new Mapped(call.Protection, call.Kind == TraceCallKind.MapFile));
                    break;
                case TraceCallKind.Unmap:
                    Remove(start, end);
                    break;
                case TraceCallKind.Protect:
                    foreach (StatefulRange<Mapped> range in Find(start, end))
                    {
                        Set(range.Start, range.End, range.State with { Access = call.Protection });
                    }

                    break;
                case TraceCallKind.Remap when TryGetRange(call.NewAddress, call.NewByteCount, out ulong to, out ulong toEnd):
                    Mapped state = Find(start, end).Select(range => range.State).FirstOrDefault();
                    Remove(start, end);
                    Set(to, toEnd, state);
                    break;
            }

            if (_accessible >= PeakByteCount)
            {
                PeakCall = _accessible == PeakByteCount && PeakCall != 0 ? PeakCall : callCount;
                PeakByteCount = _accessible;
            }
        }

        private void Set(ulong start, ulong end, in Mapped state)
        {
            Remove(start, end);
            Ranges.Set(start, end, state);
            _accessible += state.Access == TraceProtection.None ? 0 : end - start;
        }

        private void Remove(ulong start, ulong end)
        {
            foreach (StatefulRange<Mapped> range in Find(start, end))
            {
                _accessible -= range.State.Access == TraceProtection.None ? 0 : range.Length;
            }

            Ranges.Remove(start, end);
        }

        private List<StatefulRange<Mapped>> Find(ulong start, ulong end)
        {
            List<StatefulRange<Mapped>> found = [];
            Ranges.Find(start, end, found);
            return found;
        }

        private static bool TryGetRange(ulong address, ulong byteCount, out ulong start, out ulong end)
        {
            start = address;
            end = address;
            if (address % PageSize != 0 || byteCount == 0 || byteCount > MaxAddress || address > MaxAddress - byteCount)
            {
                return false;
            }

            end = address + ((byteCount + PageSize - 1) / PageSize * PageSize);
            return true;
        }
    }
}

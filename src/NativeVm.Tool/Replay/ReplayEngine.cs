using System.Diagnostics;
using NativeVm.Platform;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Replay.Targets;

namespace NativeVm.Tool.Replay;

/// <summary>Replays a script into a target once, and measures it.</summary>
/// <remarks>
/// Only the target's calls and the touching of pages are timed, each on its own clock; asking the system for the
/// process's memory, which costs more than most calls, is not.
/// </remarks>
internal sealed unsafe class ReplayEngine
{
    private const int SampleCount = 64;

    private readonly ReplayScript _script;
    private readonly ReplayOptions _options;
    private readonly IReplayTarget _target;
    private readonly nuint[] _addresses;
    private readonly bool[] _isUntouchable;
    private readonly List<ReplaySample> _samples = new(SampleCount + 2);
    private long _calls;
    private long _refused;
    private string? _firstRefusal;
    private long _callTicks;
    private long _touchTicks;
    private long _observationCalls;

    private ReplayEngine(ReplayScript script, IReplayTarget target, ReplayOptions options)
    {
        _script = script;
        _target = target;
        _options = options;
        _addresses = new nuint[script.BlockCount];
        _isUntouchable = new bool[script.BlockCount];
    }

    /// <summary>Replays a script into a new target, removes everything, and disposes of the target.</summary>
    /// <param name="script">The script.</param>
    /// <param name="createTarget">Makes the target.</param>
    /// <param name="options">How to replay.</param>
    public static ReplayRun Run(ReplayScript script, Func<IReplayTarget> createTarget, ReplayOptions options)
    {
        DropGarbage();
        ProcessMemory start = options.QueryMemory();
        IReplayTarget target = createTarget();
        ReplayEngine engine;
        ReplayRun run;
        using (target)
        {
            engine = new ReplayEngine(script, target, options);
            run = engine.Run(start);
        }

        run = run with { SystemCallCount = target.SystemCallCount - run.SystemCallCount };

        // As at the start: without the target, whose own records are gone with it.
        DropGarbage();
        return ReplayFrames.AddTo(run with { End = options.QueryMemory() }, script, engine._addresses);
    }

    // What is compared is the resident set of the process, in which the tool's own garbage is resident too.
    private static void DropGarbage()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }

    // The count of system calls in the answer is that of the observations, which are no part of the replay.
    private ReplayRun Run(ProcessMemory start)
    {
        int interval = Math.Max(1, _script.Steps.Length / SampleCount);
        ProcessMemory fullest = start;
        int done = 0;
        while (done < _script.Steps.Length)
        {
            int next = Math.Min(done + interval, _script.Steps.Length);
            bool isFullest = done < _script.FullestStep && _script.FullestStep <= next;
            next = isFullest ? _script.FullestStep : next;
            RunSteps(_script.Steps, done, next);
            done = next;

            ReplaySample sample = new(done, Observe());
            _samples.Add(sample);
            if (isFullest)
            {
                fullest = sample.Memory;
            }

            _options.Progress?.Invoke(sample);
        }

        RunSteps(_script.Removal, 0, _script.Removal.Length);
        return new ReplayRun
        {
            TargetName = _target.Name,
            CallCount = _calls,
            RefusedCount = _refused,
            FirstRefusal = _firstRefusal,
            CallTime = Stopwatch.GetElapsedTime(0, _callTicks),
            TouchTime = Stopwatch.GetElapsedTime(0, _touchTicks),
            SystemCallCount = _observationCalls,
            Start = start,
            Fullest = fullest,
            End = start,
            Samples = _samples,
        };
    }

    // Asking for the process's memory takes system calls that may count on the same counter as the target's.
    private ProcessMemory Observe()
    {
        long before = _target.SystemCallCount;
        ProcessMemory memory = _options.QueryMemory();
        _observationCalls += _target.SystemCallCount - before;
        return memory;
    }

    private void RunSteps(ReplayStep[] steps, int first, int end)
    {
        long before = Stopwatch.GetTimestamp();
        for (int i = first; i < end; i++)
        {
            ReplayStep step = steps[i];
            bool isTouch = step.Kind == ReplayStepKind.Touch;
            if (isTouch)
            {
                Touch(step);
            }
            else
            {
                Call(step);
            }

            long after = Stopwatch.GetTimestamp();
            if (isTouch)
            {
                _touchTicks += after - before;
            }
            else
            {
                _callTicks += after - before;
            }

            before = after;
        }
    }

    private void Call(in ReplayStep step)
    {
        bool isDone;
        if (step.Kind == ReplayStepKind.Map)
        {
            isDone = _target.TryMap(step.ByteCount, step.Protection, out nuint address);
            _addresses[step.Block] = isDone ? address : 0;
            _calls++;
        }
        else if (_addresses[step.Block] == 0)
        {
            isDone = false;
        }
        else
        {
            _calls++;
            BlockPart part = new(_addresses[step.Block], step.Offset, step.ByteCount, step.EndsBlock);
            isDone = step.Kind switch
            {
                ReplayStepKind.Replace => _target.TryReplace(part, step.Protection),
                ReplayStepKind.Unmap => _target.TryUnmap(part),
                ReplayStepKind.Protect => _target.TryProtect(part, step.Protection),
                _ => _target.TryDiscard(part, step.Protection),
            };
        }

        if (!isDone)
        {
            // Pages that did not get the protection of the trace must not be touched: that would end the process.
            _isUntouchable[step.Block] = true;
            _refused++;
            _firstRefusal ??= _target.Refusal;
        }
    }

    private void Touch(in ReplayStep step)
    {
        if (!_options.IsTouching || _isUntouchable[step.Block])
        {
            return;
        }

        byte* page = (byte*)(_addresses[step.Block] + step.Offset);
        for (byte* end = page + step.ByteCount; page < end; page += _options.PageSize)
        {
            Volatile.Write(ref *page, 1);
        }
    }
}

using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <summary>
    /// Changes the attributes of every page in a range, joins what has become equal, keeps the totals; or, when
    /// a limit stands against the result, refuses and changes nothing. Called with the gate held.
    /// </summary>
    private SystemReply Edit(
        SystemOperation operation, nuint address, nuint byteCount, Func<RunAttributes, RunAttributes> change)
    {
        RunTotals totals = Plan(address, byteCount, change);
        RefusalReason reason = LimitBrokenBy(totals);
        if (reason != RefusalReason.None)
        {
            return Refuse(operation, address, byteCount, reason);
        }

        Apply(totals);
        return SystemReply.Success;
    }

    /// <summary>As <see cref="Edit"/>, for what no system call does and no limit can stop.</summary>
    private void EditFreely(nuint address, nuint byteCount, Func<RunAttributes, RunAttributes> change) =>
        Apply(Plan(address, byteCount, change));

    /// <summary>
    /// Fills the scratch lists with the runs around the range before and after the change. Both begin and end with
    /// the runs that contain the bytes next to the range, where there are any: neighbours may join, and whether a
    /// mapping starts at a run depends on the one before it.
    /// </summary>
    /// <returns>The totals of the address space after the change.</returns>
    private RunTotals Plan(nuint address, nuint byteCount, Func<RunAttributes, RunAttributes> change)
    {
        nuint end = address + byteCount;
        _before.Clear();
        _after.Clear();
        _runs.Collect(address == 0 ? 0 : address - 1, end == HighestAddress ? end : end + 1, _before);
        foreach (Run run in _before)
        {
            nuint from = nuint.Clamp(address, run.Start, run.End);
            nuint to = nuint.Clamp(end, run.Start, run.End);
            Append(new Run(run.Start, from, run.Attributes));
            if (from < to)
            {
                Append(new Run(from, to, change(run.Attributes)));
            }

            Append(new Run(to, run.End, run.Attributes));
        }

        return _totals.Exchange(Measure(_before), Measure(_after));
    }

    private void Apply(in RunTotals totals)
    {
        _runs.Replace(_before[0].Start, _before[^1].End, _after);
        _totals = totals;
        _peakResidentByteCount = nuint.Max(_peakResidentByteCount, totals.ResidentByteCount);
    }

    private void Append(in Run run)
    {
        if (run.ByteCount == 0)
        {
            return;
        }

        if (_after.Count > 0 && _after[^1].Attributes == run.Attributes)
        {
            _after[^1] = _after[^1] with { End = run.End };
            return;
        }

        _after.Add(run);
    }

    private RunTotals Measure(List<Run> runs)
    {
        RunTotals totals = default;
        MappingKey previous = default;
        foreach (Run run in runs)
        {
            totals.Add(run);
            MappingKey key = KeyOf(run.Attributes);
            totals.MappingCount += key.IsFree || key == previous ? 0u : 1u;
            previous = key;
        }

        return totals;
    }

    // A limit that is exceeded already, because a test placed something foreign, refuses only what makes it worse.
    private RefusalReason LimitBrokenBy(in RunTotals totals)
    {
        static bool Breaks(nuint limit, nuint before, nuint after) => limit != 0 && after > limit && after > before;

        if (Breaks(
            _options.AddressSpaceLimitByteCount,
            _totals.ReservedByteCount + _totals.ForeignByteCount,
            totals.ReservedByteCount + totals.ForeignByteCount))
        {
            return RefusalReason.AddressSpaceLimit;
        }

        if (Breaks(_options.MappingLimit, _totals.MappingCount, totals.MappingCount))
        {
            return RefusalReason.MappingLimit;
        }

        if (Breaks(_options.LockLimitByteCount, _totals.LockedByteCount, totals.LockedByteCount))
        {
            return RefusalReason.LockLimit;
        }

        // A stock of none is a limit here, not the absence of one.
        if (totals.HugeByteCount > _options.HugePagePoolByteCount && totals.HugeByteCount > _totals.HugeByteCount)
        {
            return RefusalReason.NoHugePages;
        }

        return Breaks(_options.CommitLimitByteCount, _totals.CommittedByteCount, totals.CommittedByteCount)
            ? RefusalReason.OutOfMemory
            : RefusalReason.None;
    }

    private MappingKey KeyOf(in RunAttributes attributes) =>
        SpansReservations ? MappingKey.OfKernel(attributes) : MappingKey.OfVirtualQuery(attributes);

    private SystemReply Refuse(SystemOperation operation, nuint address, nuint byteCount, RefusalReason reason) =>
        SystemReply.Refused(
            operation,
            address,
            byteCount,
            reason,
            _options.ErrorDomain,
            SimulatedErrors.Number(_options.ErrorDomain, operation, reason));
}

using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <inheritdoc/>
    protected override SystemReply QueryCore(nuint address, out RegionInfo region)
    {
        lock (_gate)
        {
            CountSystemCall();
            region = default;
            if (address >= HighestAddress)
            {
                return Refuse(SystemOperation.Query, address, 0, RefusalReason.InvalidRange);
            }

            Run run = _runs.Find(address);
            MappingKey key = KeyOf(run.Attributes);
            nuint start = run.Start;
            nuint end = run.End;
            while (start > 0 && _runs.Find(start - 1) is var below && KeyOf(below.Attributes) == key)
            {
                start = below.Start;
            }

            while (end < HighestAddress && _runs.Find(end) is var above && KeyOf(above.Attributes) == key)
            {
                end = above.End;
            }

            region = new RegionInfo(start, end - start, key.State, key.Protection);
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply QueryResidentCore(nuint address, nuint byteCount, out nuint residentByteCount)
    {
        lock (_gate)
        {
            CountSystemCall();
            residentByteCount = 0;
            if (!IsInside(address, byteCount))
            {
                return Refuse(SystemOperation.QueryResident, address, byteCount, RefusalReason.InvalidRange);
            }

            CollectInRange(address, byteCount);
            if (_inRange.Exists(static run => run.Attributes.IsFree))
            {
                return Refuse(SystemOperation.QueryResident, address, byteCount, RefusalReason.InvalidRange);
            }

            residentByteCount = ResidentInRange(address, byteCount);
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply CountMappingsCore(nuint address, nuint byteCount, out nuint count)
    {
        lock (_gate)
        {
            CountSystemCall();
            count = 0;
            if (address < HighestAddress)
            {
                CollectInRange(address, nuint.Min(byteCount, HighestAddress - address));
                count = Measure(_inRange).MappingCount;
            }

            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply QueryProcessCore(out ProcessMemory memory)
    {
        lock (_gate)
        {
            CountSystemCall();
            memory = new ProcessMemory(
                _totals.ResidentByteCount, _peakResidentByteCount, _totals.MappingCount, _pageFaultCount);
            return SystemReply.Success;
        }
    }

    /// <summary>
    /// Resident bytes of a range whose runs, as they were before the call, are in <see cref="_inRange"/>.
    /// </summary>
    private nuint ResidentInRange(nuint address, nuint byteCount)
    {
        nuint sum = 0;
        foreach (Run run in _inRange)
        {
            if (run.Attributes.IsResident)
            {
                sum += nuint.Min(run.End, address + byteCount) - nuint.Max(run.Start, address);
            }
        }

        return sum;
    }

    private void CountFaults(nuint address, nuint byteCount) =>
        _pageFaultCount += (byteCount - ResidentInRange(address, byteCount)) / PageSize;
}

using System.Runtime.CompilerServices;
using NativeVm.Platform;

namespace NativeVm.Mappings;

/// <summary>
/// How near the process is to the system's cap on mappings (<c>vm.max_map_count</c>), shared by all maps of a platform.
/// </summary>
/// <remarks>
/// <para>
/// At the cap the system refuses even to give memory back in the middle of a mapping, and refuses the runtime itself:
/// its heap, its stacks, its code. So maps stop short of it. Up to three quarters of the cap nothing is different;
/// from there to the last 32nd maps are tight, and spare mappings; the last 32nd is left to everybody else.
/// </para>
/// <para>
/// Counting asks the system, which costs microseconds with few mappings and tens of milliseconds near the cap. Between
/// two counts the budget goes by what operations may have added at most, and counts again when that could have come to
/// three quarters of the cap. In tight times it goes by what the entries say that operations add and take away, and
/// counts again when that makes it tight no more, after some thousand operations, and before it refuses anything.
/// </para>
/// </remarks>
internal sealed class MappingBudget
{
    private const long OperationsPerStride = 8;

    private static readonly ConditionalWeakTable<VmPlatform, MappingBudget> Budgets = [];

    private readonly VmPlatform _platform;
    private readonly long _tightMark;
    private readonly long _refuseMark;
    private readonly long _stride;
    private long _estimate;
    private long _nextCount;
    private long _tightOperations;
    private volatile bool _isTight;

    private MappingBudget(VmPlatform platform)
    {
        long limit = (long)platform.MappingLimit;
        _platform = platform;
        _tightMark = limit - (limit / 4);
        _refuseMark = limit - Math.Max(limit / 32, 2);
        _stride = Math.Max(limit / 64, 1);
        _nextCount = _stride;
    }

    /// <summary>Whether the process was near the cap when it was last looked at.</summary>
    public bool IsTight => _isTight;

    /// <summary>
    /// The budget of a platform; null where nothing limits mappings, or memory that is given back cannot be kept.
    /// </summary>
    public static MappingBudget? Of(VmPlatform platform) =>
        platform.MappingLimit != 0
        && platform.Supports(PlatformCapabilities.PurgeReadsZero | PlatformCapabilities.RangesSpanReservations)
            ? Budgets.GetValue(platform, static p => new MappingBudget(p))
            : null;

    /// <summary>Notes that an operation is about to add so many mappings at most, and says whether to spare them.</summary>
    public bool Note(int mostAdded)
    {
        if (_isTight
            ? Interlocked.Increment(ref _tightOperations) >= OperationsPerStride * _stride
            : Interlocked.Add(ref _estimate, mostAdded) >= Volatile.Read(ref _nextCount))
        {
            Count();
        }

        return _isTight;
    }

    /// <summary>
    /// In tight times: takes so many mappings, or leaves the budget as it is because they would touch what is left
    /// to everybody else. None, and fewer than none, can always be had.
    /// </summary>
    public bool TryTake(int added)
    {
        if (added > 0 && Volatile.Read(ref _estimate) + added > _refuseMark)
        {
            Count();
            if (Volatile.Read(ref _estimate) + added > _refuseMark)
            {
                return false;
            }
        }

        if (Interlocked.Add(ref _estimate, added) < _tightMark - _stride && added < 0)
        {
            Count();
        }

        return true;
    }

    private void Count()
    {
        Volatile.Write(ref _tightOperations, 0);
        if (_platform.QueryProcess(out ProcessMemory memory).IsRefused)
        {
            Volatile.Write(ref _nextCount, Volatile.Read(ref _estimate) + _stride);
            return;
        }

        long count = (long)memory.MappingCount;
        _isTight = count >= _tightMark;
        Volatile.Write(ref _nextCount, Math.Max(count + _stride, _tightMark));
        Volatile.Write(ref _estimate, count);
    }
}

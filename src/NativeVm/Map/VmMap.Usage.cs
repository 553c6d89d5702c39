using NativeVm.Diagnostics;
using NativeVm.Index;

namespace NativeVm;

/// <content>What the meter and <see cref="VmDiagnostics"/> read of a map. It is listed from the end of its construction.</content>
public sealed partial class VmMap : IUsageSource
{
    // Asking once over a hole costs less than asking twice around it.
    private const ulong LargestHoleAskedOver = 64;

    // Milliseconds.
    private const int LongestWait = 50;

    private readonly InstanceTicket _ticket;

    /// <summary>The name it goes by in figures and events; see <see cref="VmMapOptions.Name"/>.</summary>
    public string Name { get; }

    internal InstanceTicket Ticket => _ticket;

    string IUsageSource.Kind => _parent is null ? "map" : "submap";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        // Whoever holds the lock may hold it for long, or for ever; who watches is then told the least, and is not kept.
        if (!_lock.TryEnterShared(LongestWait, out bool isShared))
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
            return new VmUsage
            {
                CommittedByteCount = ToByteCount(Volatile.Read(ref _committedPageCount)),
                AllocatedByteCount = ToByteCount(Volatile.Read(ref _mappedPageCount)),
            };
        }

        using VmMapLockScope scope = new(_lock, isExclusive: !isShared);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        bool asksMappings = (figures & UsageFigures.Mappings) != 0 && _parent is null;
        return new VmUsage
        {
            ReservedByteCount = _parent is null ? _handle.ReservedByteCount : MaxAddress - MinAddress,
            CommittedByteCount = ToByteCount(_committedPageCount),
            AllocatedByteCount = ToByteCount(_mappedPageCount),
            EntryCount = _index.Count,
            MappingCount = asksMappings && CountMappings() is var mappings and not 0 ? mappings : null,
            ResidentByteCount = (figures & UsageFigures.Resident) != 0 ? CountResident() : null,
        };
    }

    private nuint? CountResident()
    {
        nuint total = 0;
        bool isBroken = true;
        ulong runStart = 0;
        ulong runEnd = 0;
        for (ulong page = _index.FirstPage; TryGetRecordEndingAbove(page, out EntryRecord record); page = record.End)
        {
            if (!EntryFlags.IsCommitted(record.Flags))
            {
                isBroken = true;
                continue;
            }

            if (isBroken || record.Start - runEnd > LargestHoleAskedOver || !IsOnePiece(runStart, record.End))
            {
                if (!TryAddResident(runStart, runEnd, ref total))
                {
                    return null;
                }

                runStart = record.Start;
                isBroken = false;
            }

            runEnd = record.End;
        }

        return TryAddResident(runStart, runEnd, ref total) ? total : null;
    }

    private bool IsOnePiece(ulong first, ulong end) => _handle.PieceEnd(ToAddress(first), ToAddress(end)) == ToAddress(end);

    private bool TryAddResident(ulong first, ulong end, ref nuint total)
    {
        if (first == end)
        {
            return true;
        }

        bool isTold = _platform.QueryResident(ToAddress(first), ToByteCount(end - first), out nuint resident).IsSuccess;
        total += resident;
        return isTold;
    }
}

namespace NativeVm.Diagnostics;

/// <summary>All that is alive and can tell of itself, by weak reference: being listed keeps nothing alive.</summary>
/// <remarks>
/// A table of slots, each with a weak reference that later lives of the slot use again, and a stack of free slots.
/// Adding and removing cost O(1) under one lock, and in the steady state no managed memory. Whoever is forgotten
/// undisposed leaves a dead slot behind; the dead are swept when the table is full, before it is made larger, so that
/// it stays within twice of what was alive at once.
/// </remarks>
internal static class LiveInstances
{
    private const int FirstCapacity = 16;

    private static readonly Lock Gate = new();
    private static Slot[] _slots = new Slot[FirstCapacity];
    private static int _used;
    private static int _firstFree = -1;
    private static long _lastId;

    /// <summary>Lists a source; the meter that reports it is made with the first.</summary>
    public static InstanceTicket Add(IUsageSource source)
    {
        NativeVmMeter.Touch();
        lock (Gate)
        {
            int index = TakeSlot();
            ref Slot slot = ref _slots[index];
            if (slot.Source is null)
            {
                slot.Source = new WeakReference<IUsageSource>(source);
            }
            else
            {
                slot.Source.SetTarget(source);
            }

            slot.Id = ++_lastId;
            return new InstanceTicket(index, slot.Id);
        }
    }

    /// <summary>Takes it off the list. A second time, or for no ticket, nothing happens.</summary>
    public static void Remove(in InstanceTicket ticket)
    {
        lock (Gate)
        {
            if (ticket.Id != 0 && _slots[ticket.Index].Id == ticket.Id)
            {
                Free(ticket.Index);
            }
        }
    }

    /// <summary>Those that are alive now, in no order.</summary>
    public static IUsageSource[] Snapshot()
    {
        lock (Gate)
        {
            List<IUsageSource> alive = new(_used);
            for (int i = 0; i < _used; i++)
            {
                if (_slots[i].Id != 0 && _slots[i].Source!.TryGetTarget(out IUsageSource? source))
                {
                    alive.Add(source);
                }
            }

            return [.. alive];
        }
    }

    private static int TakeSlot()
    {
        if (_firstFree < 0 && _used == _slots.Length)
        {
            Sweep();
        }

        if (_firstFree >= 0)
        {
            int index = _firstFree;
            _firstFree = _slots[index].NextFree;
            return index;
        }

        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, checked(_used * 2));
        }

        return _used++;
    }

    private static void Sweep()
    {
        for (int i = 0; i < _used; i++)
        {
            if (_slots[i].Id != 0 && !_slots[i].Source!.TryGetTarget(out _))
            {
                Free(i);
            }
        }
    }

    private static void Free(int index)
    {
        ref Slot slot = ref _slots[index];
        slot.Id = 0;
        slot.Source!.SetTarget(null!);
        slot.NextFree = _firstFree;
        _firstFree = index;
    }

    private struct Slot
    {
        public WeakReference<IUsageSource>? Source;
        public long Id;
        public int NextFree;
    }
}

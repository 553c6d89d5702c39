namespace NativeVm.Testing;

/// <summary>The latest calls by ordinal; the oldest give way. Not thread-safe.</summary>
/// <remarks>
/// Call n, counted from 1, has the slot (n - 1) modulo the capacity, so that its end can be noted there.
/// </remarks>
internal sealed class CallLog(int capacity)
{
    private readonly List<RecordedCall> _slots = [];
    private long _latest;

    public void Begin(in SystemCall call)
    {
        if (capacity == 0)
        {
            return;
        }

        RecordedCall recorded = new(call, CallOutcome.Unfinished, default);
        _latest = call.Ordinal;
        int slot = SlotOf(call.Ordinal);
        if (slot == _slots.Count)
        {
            _slots.Add(recorded);
        }
        else
        {
            _slots[slot] = recorded;
        }
    }

    /// <summary>Notes an end, unless the call has given way to a later one or the log has been cleared since.</summary>
    public void End(in SystemCall call, in RecordedCall ended)
    {
        int slot = capacity == 0 ? 0 : SlotOf(call.Ordinal);
        if (slot < _slots.Count && _slots[slot].Call == call)
        {
            _slots[slot] = ended;
        }
    }

    public void Clear()
    {
        _slots.Clear();
        _latest = 0;
    }

    public RecordedCall[] ToArray()
    {
        RecordedCall[] calls = new RecordedCall[_slots.Count];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i] = _slots[SlotOf(_latest - calls.Length + 1 + i)];
        }

        return calls;
    }

    private int SlotOf(long ordinal) => (int)((ordinal - 1) % capacity);
}

namespace NativeVm.Index.Tree;

/// <content>A check of the whole tree now and then, at a cost that is spread over the changes.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    private const string Switch = "NativeVm.Index.SelfCheck";

    private nuint _changesUntilCheck = 1;

    /// <summary>
    /// Whether the index proves itself after as many changes as it has entries, so that a change bears a constant
    /// share of it. The initial value is that of the <c>NativeVm.Index.SelfCheck</c> switch of
    /// <see cref="AppContext"/>, false when it is not set.
    /// </summary>
    public bool IsSelfChecking { get; set; } = AppContext.TryGetSwitch(Switch, out bool isOn) && isOn;

    /// <summary>How many checks there have been; for tests.</summary>
    internal int SelfCheckCount { get; private set; }

    private void CountChange()
    {
        if (--_changesUntilCheck == 0)
        {
            _changesUntilCheck = _count + 64;
            SelfCheckCount++;
            Validate();
        }
    }
}

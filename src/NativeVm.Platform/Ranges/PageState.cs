namespace NativeVm.Platform;

/// <summary>What the system has set aside for a range of addresses.</summary>
public enum PageState : byte
{
    /// <summary>Nothing: the addresses belong to nobody.</summary>
    Free,

    /// <summary>Addresses only: nobody else gets them, touching them faults, no memory is behind them.</summary>
    Reserved,

    /// <summary>Memory: the pages can be used as their protection says.</summary>
    Committed,
}

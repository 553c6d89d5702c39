namespace NativeVm.Testing;

/// <summary>Which of the places that fit a simulated system chooses when it is free to choose.</summary>
public enum PlacementStrategy : byte
{
    /// <summary>The lowest address that fits.</summary>
    BottomUp,

    /// <summary>The highest address that fits, as Linux does.</summary>
    TopDown,
}

namespace NativeVm;

/// <summary>An end of a <see cref="DoubleEndedArena"/>.</summary>
public enum ArenaEnd : byte
{
    /// <summary>The one that grows upwards from the lowest address.</summary>
    Low,

    /// <summary>The one that grows downwards from the highest address.</summary>
    High,
}

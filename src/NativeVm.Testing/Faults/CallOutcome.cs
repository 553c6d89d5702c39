namespace NativeVm.Testing;

/// <summary>How a recorded call ended.</summary>
public enum CallOutcome : byte
{
    /// <summary>
    /// It is still running, or the platform underneath threw, as the simulated one does on unlawful use.
    /// </summary>
    Unfinished,

    /// <summary>The platform underneath did it.</summary>
    Succeeded,

    /// <summary>The platform underneath refused it, of its own.</summary>
    Refused,

    /// <summary>The plan refused it; the platform underneath was not asked.</summary>
    Injected,
}

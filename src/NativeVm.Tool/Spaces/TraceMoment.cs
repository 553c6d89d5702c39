namespace NativeVm.Tool.Spaces;

/// <summary>The moment of a trace that is looked at.</summary>
internal enum TraceMoment
{
    /// <summary>When the most bytes could be accessed at once.</summary>
    Peak,

    /// <summary>After the last call: before it exits, where the trace shows the exit.</summary>
    End,
}

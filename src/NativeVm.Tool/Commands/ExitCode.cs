namespace NativeVm.Tool.Commands;

/// <summary>What the tool's exit codes mean; the help text names them.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The work failed: the system refused, or the result could not be written.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the input is unusable; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Interrupted from the keyboard; what was done until then has been printed.</summary>
    public const int Interrupted = 130;
}

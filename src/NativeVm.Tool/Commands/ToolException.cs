namespace NativeVm.Tool.Commands;

/// <summary>Ends a command with one line on standard error and an exit code.</summary>
internal sealed class ToolException(int exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>How the process ends.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line or the input is unusable.</summary>
    /// <param name="message">What is wrong, and with what.</param>
    /// <param name="cause">What reported it.</param>
    public static ToolException BadInput(string message, Exception? cause = null) =>
        new(Commands.ExitCode.BadInput, message, cause);

    /// <summary>The work failed.</summary>
    /// <param name="message">What failed, and what can be done.</param>
    /// <param name="cause">What reported it.</param>
    public static ToolException Failure(string message, Exception? cause = null) =>
        new(Commands.ExitCode.Failure, message, cause);
}

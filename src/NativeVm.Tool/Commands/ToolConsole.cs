using Spectre.Console;

namespace NativeVm.Tool.Commands;

/// <summary>Where the tool writes: results to one console, complaints to another.</summary>
internal sealed class ToolConsole
{
    /// <summary>A console for results and a writer for complaints.</summary>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where complaints go, one line each.</param>
    /// <param name="showsProgress">Whether somebody watches a terminal that can show progress.</param>
    public ToolConsole(IAnsiConsole output, TextWriter error, bool showsProgress)
    {
        Out = output;
        Error = error;
        ShowsProgress = showsProgress;
    }

    /// <summary>Where results go.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Where complaints go.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether to show progress.</summary>
    public bool ShowsProgress { get; }

    /// <summary>The console of this process.</summary>
    /// <remarks>
    /// Colours end with <c>NO_COLOR</c> and where standard output is no terminal. Without a terminal the width is
    /// <c>COLUMNS</c>, or else 80.
    /// </remarks>
    public static ToolConsole ForProcess()
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        bool isRedirected = Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns)
                ? Math.Clamp(columns, 40, 1000)
                : 80;
        }

        return new ToolConsole(
            console, Console.Error, !isRedirected && console.Profile.Capabilities.Interactive);
    }
}

using NativeVm.Tool.Commands;
using Spectre.Console;

namespace NativeVm.Tests.Tool;

/// <summary>A console of a given width, without colours, whose text is kept.</summary>
internal sealed class TestConsole : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public TestConsole(int width, bool hasUnicode = true)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(_output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = hasUnicode;
        Tool = new ToolConsole(console, _error, showsProgress: false);
    }

    public ToolConsole Tool { get; }

    public IAnsiConsole Out => Tool.Out;

    public string Error => _error.ToString();

    public IReadOnlyList<string> Lines => _output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}

using System.CommandLine;

namespace NativeVm.Tool.Commands;

/// <summary>What the help of each command says after its options: what is printed, and examples.</summary>
internal sealed class HelpTexts
{
    private readonly Dictionary<Command, string> _texts = [];

    /// <summary>Adds a text.</summary>
    /// <param name="command">The command.</param>
    /// <param name="text">The text.</param>
    public void Add(Command command, string text) => _texts.Add(command, text);

    /// <summary>The text of a command; empty when it has none.</summary>
    /// <param name="command">The command.</param>
    public string Of(Command command) => _texts.GetValueOrDefault(command, string.Empty);
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NativeVm.Tool.Commands;

/// <summary>The usual help, and after it the text of the command.</summary>
internal sealed class HelpTextAction(HelpAction usual, HelpTexts texts) : SynchronousCommandLineAction
{
    private const string CommandName = "nativevm";

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        // The library names the tool after its assembly; people know the command.
        InvocationConfiguration configuration = parseResult.InvocationConfiguration;
        TextWriter output = configuration.Output;
        using StringWriter help = new();
        configuration.Output = help;
        int exitCode = usual.Invoke(parseResult);
        configuration.Output = output;
        output.Write(help.ToString().Replace(RootCommand.ExecutableName, CommandName, StringComparison.Ordinal));

        string text = texts.Of(parseResult.CommandResult.Command);
        if (text.Length != 0)
        {
            output.WriteLine(text);
        }

        return exitCode;
    }
}

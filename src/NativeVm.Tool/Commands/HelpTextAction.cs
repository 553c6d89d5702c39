using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NativeVm.Tool.Commands;

/// <summary>The usual help, and after it the text of the command.</summary>
internal sealed class HelpTextAction(HelpAction usual, HelpTexts texts) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = usual.Invoke(parseResult);
        string text = texts.Of(parseResult.CommandResult.Command);
        if (text.Length != 0)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(text);
        }

        return exitCode;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;
using NativeVm.Platform;

namespace NativeVm.Tool.Commands;

/// <summary>The root command, and what every command has in common: help, errors and exit codes.</summary>
internal static class NativeVmCommand
{
    /// <summary>What a complaint begins with.</summary>
    public const string ErrorPrefix = "nativevm: ";

    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    /// <summary>Runs the tool.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="helpOutput">Where help and version go; null for standard output.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, ToolConsole console, TextWriter? helpOutput = null)
    {
        ParseResult result = Create(console).Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            // Not the colon-and-help page of the library: one line, so that it can be read in a log.
            console.Error.WriteLine(
                $"{ErrorPrefix}{result.Errors[0].Message} Try '{HelpHint(result.CommandResult.Command)}'.");
            return ExitCode.BadInput;
        }

        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,

            // What is recorded decides itself what an interrupt means to it.
            ProcessTerminationTimeout = result.CommandResult.Command.Name == RecordCommand.Name ? null : TimeToStop,
            Output = helpOutput ?? Console.Out,
            Error = console.Error,
        };
        return await result.InvokeAsync(configuration).ConfigureAwait(false);
    }

    /// <summary>Gives a command its work, with every failure turned into one line and an exit code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="work">The work; it answers with the exit code.</param>
    public static void SetWork(
        this Command command, ToolConsole console, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction((result, cancellation) =>
            Task.Run(() => Guard(console, () => work(result, cancellation)), CancellationToken.None));

    private static RootCommand Create(ToolConsole console)
    {
        RootCommand root = new(
            "Shows what memory costs: profiles allocators, replays what programs asked for, and draws address spaces.")
        {
            ReplayCommand.Create(console),
            ProfileCommand.Create(console),
            RecordCommand.Create(console),
            MapCommand.Create(console),
            ReplayLaneCommand.Create(console),
            LimitsCommand.Create(console),
        };
        HelpTexts texts = new();
        texts.Add(root, RootHelp);
        texts.Add(root.Subcommands.Single(command => command.Name == ReplayCommand.Name), ReplayCommand.Help);
        texts.Add(root.Subcommands.Single(command => command.Name == ProfileCommand.Name), ProfileCommand.Help);
        texts.Add(root.Subcommands.Single(command => command.Name == RecordCommand.Name), RecordCommand.Help);
        texts.Add(root.Subcommands.Single(command => command.Name == MapCommand.Name), MapCommand.Help);
        texts.Add(root.Subcommands.Single(command => command.Name == LimitsCommand.Name), LimitsCommand.Help);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpTextAction((HelpAction)help.Action!, texts);
        return root;
    }

    private const string RootHelp = """
        Examples:
          nativevm replay traces/gcc.strace.gz       what a compiler asked for, replayed and drawn
          nativevm record -- python3 script.py       what a program asks of memory, recorded
          nativevm map 1234                          the address space of a process
          nativevm profile --quick                   what allocations cost, here and now
          nativevm limits                            what this machine's memory allows, and what its calls cost
          nativevm replay --help                     what a command does and prints

        Exit codes:
          0    done
          1    the work failed: the system refused, or the result cannot be written
          2    the command line or the input is unusable
          130  interrupted

        Environment:
          NO_COLOR  no colours.   COLUMNS  the width where there is no terminal.

        Completion, with the tool dotnet-suggest in any shell, or in bash with:
          _nativevm() {
            local line=${COMP_LINE#* }
            local at=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
            COMPREPLY=($(compgen -W "$(nativevm "[suggest:$at]" "$line")" -- "${COMP_WORDS[COMP_CWORD]}"))
          }
          complete -o default -F _nativevm nativevm
        """;

    [SuppressMessage("Design", "CA1031", Justification = "The last handler of the process: users get a line, never a stack trace.")]
    private static int Guard(ToolConsole console, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (ToolException e)
        {
            console.Error.WriteLine($"{ErrorPrefix}{OneLine(e.Message)}");
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine($"{ErrorPrefix}interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is SystemRefusedException or VmMapException or PlatformNotSupportedException)
        {
            console.Error.WriteLine($"{ErrorPrefix}{OneLine(e.Message)}");
            return ExitCode.Failure;
        }
        catch (Exception e)
        {
            console.Error.WriteLine($"{ErrorPrefix}unexpected {e.GetType().Name}: {OneLine(e.Message)}");
            return ExitCode.Failure;
        }
    }

    private static string HelpHint(Command command) =>
        command is RootCommand ? "nativevm --help" : $"nativevm {command.Name} --help";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}

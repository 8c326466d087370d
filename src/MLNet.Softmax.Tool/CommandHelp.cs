using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MLNet.Softmax.Tool;

/// <summary>The help of a command, followed by details and examples, which the list of all commands is too short for.</summary>
internal sealed class CommandHelp(HelpAction standard, Dictionary<Command, string> details) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static void AddDetails(RootCommand root, Dictionary<Command, string> details)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new CommandHelp((HelpAction)help.Action!, details);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = standard.Invoke(parseResult);
        if (details.TryGetValue(parseResult.CommandResult.Command, out var text))
            parseResult.InvocationConfiguration.Output.WriteLine(text);
        return exitCode;
    }
}

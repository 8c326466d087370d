using System.CommandLine;
using MLNet.Softmax.Evaluation;
using static MLNet.Softmax.Tool.ScoreFileArguments;

namespace MLNet.Softmax.Tool;

/// <summary>The command <c>softmax merge</c>.</summary>
internal static class MergeCommand
{
    private const string Extension = ".state";

    private const string Description =
        "Merges what softmax evaluate --state has saved: the metrics of all rows, as if one process had read them.";

    /// <summary>What the help says below the options.</summary>
    public const string Details = """
        The states can come from any number of processes and machines, in any order. Counts are the same as in one pass, and all other
        figures to within rounding. All states must have the same classes in the same order, and the same --metrics.

        Examples:
          softmax evaluate shard-0.csv --state shard-0.state
          softmax evaluate shard-1.csv --state shard-1.state
          softmax merge *.state --report all.html

        A state of --metrics streaming takes some kilobytes, however many rows it stands for, and merging takes the memory of two states.
        Otherwise the states hold the rows, 4 x classes + 19 bytes each or more, and merging takes 4 x classes + 24 bytes a row.

        Exit codes: 0, done; 2, it cannot be done, and standard error says why; 130, stopped with Ctrl+C.
        """;

    public static Command Create()
    {
        var command = new Command("merge", Description);
        var files = new Argument<string[]>("STATE")
        {
            Description = "Saved states, folders of them (*.state), or patterns such as states/*.state",
            Arity = ArgumentArity.OneOrMore,
        };
        var report = Text("--report", "FILE", "Where to write an HTML report");
        var state = Text("--state", "FILE", "Where to save the merged state, to merge it with others later");
        var json = new Option<bool>("--json")
        {
            Description = "Write the figures as one JSON object, with the same names as softmax evaluate",
        };
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[report, state, json])
            command.Options.Add(option);
        command.SetAction((result, stop) =>
        {
            CheckTarget("--report", result.GetValue(report));
            CheckTarget("--state", result.GetValue(state));
            var names = FileNames.Expand(result.GetValue(files)!, Extension);
            var merged = Merge(names, stop);
            if (result.GetValue(state) is { } path)
                merged.Save(path);
            var metrics = merged.ToMetrics();
            if (metrics.RowsUsed == 0)
                throw new FormatException($"The states have no rows. Rows left out: {metrics.RowsLeftOut}.");
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            EvaluateCommand.Write(
                new(metrics, null, null, null, null, []), new(names, new LayoutOptions()), result.GetValue(report),
                result.GetValue(json), output, error);
            return Task.FromResult(0);
        });
        return command;
    }

    private static ProbabilityEvaluator Merge(IReadOnlyList<string> files, CancellationToken stop)
    {
        var seen = new HashSet<string>();
        if (files.FirstOrDefault(file => !seen.Add(Path.GetFullPath(file))) is { } again)
            throw new FormatException($"{again} is given twice, but its rows would then count twice.");
        var merged = ProbabilityEvaluator.Load(files[0]);
        foreach (var file in files.Skip(1))
        {
            stop.ThrowIfCancellationRequested();
            var other = ProbabilityEvaluator.Load(file);
            try
            {
                merged.Merge(other);
            }
            catch (ArgumentException error)
            {
                throw new FormatException($"{files[0]} and {file}: {error.Message.Split(" (Parameter")[0]}", error);
            }
        }

        return merged;
    }
}

using System.CommandLine;

namespace MLNet.Softmax.Tool;

/// <summary>The arguments of every command that reads score files: the files, and options about their columns.</summary>
internal sealed class ScoreFileArguments
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Score files of the same classes, folders of them, or patterns such as shards/*.csv",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _label = Text("--label", "COLUMN", "The column of labels");

    private readonly Option<string?> _scores =
        Text("--scores", "A,B,...", "The columns of the scores, one a class; for Parquet also one column of lists");

    private readonly Option<string?> _ignore = Text("--ignore", "A,B,...", "Columns that hold no scores");

    private readonly Option<string?> _rowId =
        Text("--row-id", "COLUMN", "The column that names the rows, for the list of mistakes and for --compare");

    private readonly Option<string?> _weights =
        Text("--weights", "COLUMN", "The column of example weights; without it, every row counts 1");

    private readonly Option<string?> _classNames = Text(
        "--class-names", "A,B,...", "Names of the classes, in the order of their scores; quote names with commas as in a CSV file");

    private readonly Option<string> _scoreKind =
        Choice("--score-kind", "What the scores are; found from the first rows by default", "auto", "probabilities", "logits");

    /// <summary>Adds the arguments to a command.</summary>
    public ScoreFileArguments(Command command)
    {
        command.Arguments.Add(_files);
        foreach (Option option in (Option[])[_label, _scores, _ignore, _rowId, _weights, _classNames, _scoreKind])
            command.Options.Add(option);
    }

    public IReadOnlyList<string> Files(ParseResult result) => FileNames.Expand(result.GetValue(_files)!);

    public LayoutOptions Layout(ParseResult result)
    {
        string[]? Names(Option<string?> option) => NameList.Read(result.GetValue(option));
        return new(
            result.GetValue(_label), Names(_scores), Names(_ignore), result.GetValue(_rowId), Names(_classNames),
            result.GetValue(_scoreKind) switch { "logits" => true, "probabilities" => false, _ => null }, result.GetValue(_weights));
    }

    /// <summary>Creates an option with a non-empty text.</summary>
    public static Option<string?> Text(string name, string helpName, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{name} is empty, but a name is expected.");
        });
        return option;
    }

    /// <summary>Creates an option with a few values. The first is the default.</summary>
    public static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>Checks before the work that the result can be saved, so that the work is not lost.</summary>
    public static void CheckTarget(string option, string? path)
    {
        if (path is not null && (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))))
            throw new FormatException($"{option} is {path}, but a file in a folder that exists is expected.");
    }
}

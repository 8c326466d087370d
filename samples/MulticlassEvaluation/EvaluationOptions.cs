using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML;
using MulticlassEvaluation.Scores;

namespace MulticlassEvaluation;

/// <summary>The options of the command line.</summary>
internal sealed class EvaluationOptions
{
    public const string Description = """
        Evaluates the probabilities of a multiclass model, and writes a report.

        Without --scores it draws pictures of five foods, trains a perceptron on them, fits a temperature on held-out pictures and
        evaluates before and after.

        With --scores it reads a file of any model's predictions once, from top to bottom. Memory does not grow with the rows, apart
        from what is asked for: --metrics all keeps about 4 x classes + 64 bytes a row (ROC AUC, adaptive calibration error, and which
        differences are real), --metrics streaming nothing, and --calibrate-on 4 x classes + 6 bytes for each row that it fits on.
        """;

    private readonly Option<FileInfo?> _scores = new("--scores")
    {
        Description = "A CSV file with a header: a label and one column of scores a class, named P0, P1, ... (labels 0, 1, ...) "
            + "or as the classes",
        HelpName = "FILE",
    };

    private readonly Option<string> _scoreKind = Choice("--score-kind", "What the scores are", "probabilities", "logits");
    private readonly Option<string> _metrics =
        Choice("--metrics", "Which figures to compute: all, or those that need no memory for each row", "all", "streaming");

    private readonly Option<double?> _calibrateOn = new("--calibrate-on")
    {
        Description = "Fit a temperature on this share of the rows, from the top of the file, and evaluate the others before and after",
        HelpName = "SHARE",
        CustomParser = result => Number(result, value => value is > 0 and < 1, "a share between 0 and 1 is expected, such as 0.5"),
    };

    private readonly Option<string> _label = Text("--label", "COLUMN", "The column of labels", "Label");
    private readonly Option<string> _rowName = Text("--row-name", "COLUMN", "A column that names the rows, for the list of mistakes");
    private readonly Option<string> _classNames = Text("--class-names", "A,B,...", "Names of the classes, in the order of their columns");
    private readonly Option<string> _report = Text("--report", "FILE", "Where the report goes", "report.html");

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Other pictures, another training, other resamples",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _pictures = new("--pictures")
    {
        Description = "How many pictures to train on; as many are evaluated, and half as many held out for the temperature",
        HelpName = "N",
        DefaultValueFactory = _ => 1500,
        CustomParser = result => (int)Number(
            result, value => value is >= 50 and <= 1_000_000 && value == Math.Floor(value), "a number from 50 to 1000000 is expected"),
    };

    public EvaluationOptions()
    {
        foreach (var option in new Option[] { _scores, _report, _label, _rowName, _classNames })
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                    result.AddError($"{option.Name} is empty, but a name is expected.");
            });
        }
    }

    public IEnumerable<Option> All =>
        [_scores, _scoreKind, _calibrateOn, _metrics, _label, _rowName, _classNames, _report, _seed, _pictures];

    public EvaluationSettings Read(ParseResult result)
    {
        var scores = result.GetValue(_scores) is not { } file ? null : new ScoreFileSettings(
            file.FullName,
            new ScoreFileColumns(result.GetValue(_label)!, result.GetValue(_rowName)),
            Enum.Parse<ScoreKind>(result.GetValue(_scoreKind)!, ignoreCase: true),
            result.GetValue(_calibrateOn),
            IsStreaming: result.GetValue(_metrics) == "streaming",
            result.GetValue(_classNames)?.Split(',', StringSplitOptions.TrimEntries));
        return new EvaluationSettings(result.GetValue(_report)!, result.GetValue(_seed), result.GetValue(_pictures), scores);
    }

    private static Option<string> Text(string name, string helpName, string description, string? value = null)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        if (value is not null)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    private static double Number(ArgumentResult result, Predicate<double> isExpected, string expected)
    {
        string text = result.Tokens[0].Value;
        if (!double.TryParse(text, out double value) || !isExpected(value))
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} is {text}, but {expected}.");
        return value;
    }

    /// <summary>An option with a few values, the first of which is the default.</summary>
    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}

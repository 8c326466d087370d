using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML;
using MLNet.Softmax.Samples;

namespace MulticlassEvaluation;

/// <summary>The command line.</summary>
internal static class EvaluationCommand
{
    private const string Description = """
        Evaluates the probabilities of a multiclass model, and writes a report.

        Without --scores it draws pictures of five foods, trains a perceptron on them, fits a temperature on held-out pictures and
        evaluates before and after.

        With --scores it reads a file of any model's predictions once, from top to bottom. Memory does not grow with the rows, apart
        from what is asked for: --metrics all takes about 4 x classes + 40 bytes a row (ROC AUC, adaptive calibration error, and which
        differences are real), --metrics streaming nothing, and --calibrate-on 4 x classes + 6 bytes for each row that it fits on.
        """;

    public static RootCommand Create()
    {
        var scores = NotEmpty(new Option<FileInfo?>("--scores")
        {
            Description = "A CSV file with a header (comma, semicolon, tab or bar; .gz too): a label and one column of scores a class, "
                + "named P0, P1, ... (labels 0, 1, ...) or as the classes",
            HelpName = "FILE",
        });
        var scoreKind = Choice("--score-kind", "What the scores are", "probabilities", "logits");
        var calibrateOn = new Option<double?>("--calibrate-on")
        {
            Description =
                "Fit a temperature on this share of the rows, from the top of the file, and evaluate the others before and after",
            HelpName = "SHARE",
            CustomParser = result => Number(result, value => value is > 0 and < 1, "a share between 0 and 1 is expected, such as 0.5"),
        };
        var metrics =
            Choice("--metrics", "Which figures to compute: all, or those that need no memory for each row", "all", "streaming");
        var label = Text("--label", "COLUMN", "The column of labels", "Label");
        var rowName = Text("--row-name", "COLUMN", "A column that names the rows, for the list of mistakes");
        var scoreColumns = Text("--score-columns", "A,B,...", "The columns of the scores; without it they are found by their names");
        var classNames = Text("--class-names", "A,B,...", "Names of the classes, in the order of their columns");
        var report = Text("--report", "FILE", "Where the report goes", "report.html");
        var seed = new Option<int>("--seed")
        {
            Description = "Other pictures, another training, other resamples",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var pictures = new Option<int>("--pictures")
        {
            Description = "How many pictures to train on; as many are evaluated, and half as many held out for the temperature",
            HelpName = "N",
            DefaultValueFactory = _ => 1500,
            CustomParser = result => (int)Number(
                result, value => value is >= 50 and <= 1_000_000 && value == Math.Floor(value), "a number from 50 to 1000000 is expected"),
        };
        var command = new RootCommand(Description)
        {
            scores, scoreKind, calibrateOn, metrics, label, rowName, scoreColumns, classNames, report, seed, pictures,
        };
        command.SetAction(result =>
        {
            string reportPath = result.GetValue(report)!;
            int seedValue = result.GetValue(seed);
            SampleConsole.Open();
            TargetFile.Check("--report", reportPath);
            if (result.GetValue(scores) is { } file)
            {
                var settings = new ScoreFileSettings(
                    file.FullName, result.GetValue(label)!, result.GetValue(rowName), Names(result.GetValue(scoreColumns)),
                    Enum.Parse<ScoreKind>(result.GetValue(scoreKind)!, ignoreCase: true), result.GetValue(calibrateOn),
                    IsStreaming: result.GetValue(metrics) == "streaming",
                    Names(result.GetValue(classNames)));
                new ScoreStory(settings).Tell(reportPath, seedValue);
            }
            else
            {
                FoodStory.Tell(reportPath, seedValue, result.GetValue(pictures));
            }

            return 0;
        });
        return command;
    }

    private static Option<string> Text(string name, string helpName, string description, string? value = null)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        if (value is not null)
            option.DefaultValueFactory = _ => value;
        return NotEmpty(option);
    }

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries);

    private static Option<T> NotEmpty<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{option.Name} is empty, but a name is expected.");
        });
        return option;
    }

    /// <summary>An option with a few values, the first of which is the default.</summary>
    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static double Number(ArgumentResult result, Predicate<double> isExpected, string expected)
    {
        string text = result.Tokens[0].Value;
        if (!double.TryParse(text, out double value) || !isExpected(value))
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} is {text}, but {expected}.");
        return value;
    }
}

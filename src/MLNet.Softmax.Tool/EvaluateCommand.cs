using System.CommandLine;
using System.Globalization;
using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tool;

/// <summary>softmax evaluate.</summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Evaluates the probabilities or logits of a multiclass model, from any framework, in score files.

        A score file has one row for each example: its label, and a score for each class. CSV (comma, semicolon, tab or bar), compressed
        with gzip or not, and Parquet are read; - is standard input. The columns are found by their names, and the first line of the output
        says how they were understood.

        Examples:
          softmax evaluate predictions.csv
          softmax evaluate shards/*.parquet --report report.html
          softmax evaluate logits.csv --calibrate-on 0.5 --method vector
          softmax evaluate new-model.csv --compare old-model.csv --json

        Memory does not grow with the rows under --metrics streaming. Otherwise it takes about 4 x classes + 160 bytes a row, for ROC AUC,
        the adaptive calibration error and the differences between two models.

        Exit codes: 0, done; 2, it cannot be done, and standard error says why; 130, stopped with Ctrl+C.
        """;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Score files of the same classes, folders of them, or patterns such as shards/*.csv",
            Arity = ArgumentArity.OneOrMore,
        };
        var label = Text("--label", "COLUMN", "The column of labels");
        var scores = Text("--scores", "A,B,...", "The columns of the scores, one a class; for Parquet also one column of lists");
        var ignore = Text("--ignore", "A,B,...", "Columns that hold no scores");
        var rowId = Text("--row-id", "COLUMN", "The column that names the rows, for the list of mistakes and for --compare");
        var classNames = Text("--class-names", "A,B,...", "Names of the classes, in the order of their scores");
        var scoreKind = Choice("--score-kind", "What the scores are; found from the first rows by default", "auto", "probabilities", "logits");
        var calibrateOn = Text(
            "--calibrate-on", "SHARE|FILE", "Fit a calibration on this share of the rows, from the top, or on another file, and evaluate the "
            + "other rows before and after");
        var method = Choice("--method", "Which calibration", Calibrator.Methods);
        var compare = Text("--compare", "FILE", "Another model's scores of the same rows: which differences are real. Rows are matched by "
            + "their ids, or by their order where there are none");
        var threshold = new Option<ClassThreshold?>("--threshold")
        {
            Description = "A probability to decide at, such as 'hot dog=0.8'; without a class, the confidence below which nothing is answered",
            HelpName = "[CLASS=]NUMBER",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var split = text.LastIndexOf('=');
                if (float.TryParse(text[(split + 1)..], CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1)
                    return new(split < 0 ? null : text[..split], value);
                result.AddError($"--threshold is {text}, but a probability from 0 to 1 is expected, or CLASS=PROBABILITY.");
                return null;
            },
        };
        var metrics = Choice("--metrics", "Which figures to compute: all, or those that need no memory for each row", "all", "streaming");
        var report = Text("--report", "FILE", "Where to write an HTML report");
        var json = new Option<bool>("--json") { Description = "Write the figures as one JSON object; what else is said goes to standard error" };
        var command = new Command("evaluate", Description)
        {
            files, label, scores, ignore, rowId, classNames, scoreKind, calibrateOn, method, compare, threshold, metrics, report, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(calibrateOn) is not null && result.GetResult(compare) is not null)
                result.AddError("--calibrate-on and --compare cannot be given together: each compares two evaluations.");
        });
        command.SetAction((result, stop) =>
        {
            var layout = new LayoutOptions(
                result.GetValue(label), Names(result.GetValue(scores)), Names(result.GetValue(ignore)), result.GetValue(rowId),
                Names(result.GetValue(classNames)), result.GetValue(scoreKind) switch { "logits" => true, "probabilities" => false, _ => null });
            var settings = new EvaluationSettings(
                FileNames.Expand(result.GetValue(files)!), layout, result.GetValue(metrics) == "streaming", result.GetValue(calibrateOn),
                result.GetValue(method)!, result.GetValue(compare) is { } other ? FileNames.Expand([other]) : null,
                result.GetValue(threshold));
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            Run(settings, result.GetValue(report), result.GetValue(json), output, error, stop);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Run(
        EvaluationSettings settings, string? report, bool asJson, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (report is not null && (Directory.Exists(report) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(report)))))
            throw new FormatException($"--report is {report}, but a file in a folder that exists is expected.");
        var notes = asJson ? error : output;
        var result = new EvaluationWork(settings, notes.WriteLine, stop).Run();
        if (asJson)
            output.WriteLine(JsonResult.Of(result));
        else
            Show(result, output);

        if (report is null)
            return;
        result.Metrics.SaveReport(report, new ProbabilityReportOptions
        {
            Title = string.Join(", ", settings.Files.Take(3).Select(Path.GetFileName)) + (settings.Files.Count > 3 ? ", ..." : ""),
            Subtitle = result.Calibrator?.Description
                ?? (settings.CompareWith is { } other ? $"Before: {Path.GetFileName(other[0])}." : null),
            Before = result.Before,
            Comparison = result.Comparison,
            Threshold = result.Threshold,
        });
        notes.WriteLine($"Report: {Path.GetFullPath(report)}");
    }

    private static void Show(EvaluationResult result, TextWriter output)
    {
        foreach (var note in result.Notes)
            output.WriteLine("Note: " + note);
        output.WriteLine();
        output.WriteLine(result.Metrics);
        if (result.Comparison is { } comparison)
            output.WriteLine(comparison);
        if (result.Threshold is { } threshold)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"At the threshold {threshold.Threshold:0.###}: {(threshold.PositiveClass is null ? "share of right answers" : "F1")} {threshold.Before.Value:0.0000} -> {threshold.After.Value:0.0000}."));
        }
    }

    private static Option<string?> Text(string name, string helpName, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{name} is empty, but a name is expected.");
        });
        return option;
    }

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>An option with a few values, the first of which is the default.</summary>
    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}

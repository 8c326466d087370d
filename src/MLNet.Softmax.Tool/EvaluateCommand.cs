using System.CommandLine;
using System.Globalization;
using MLNet.Softmax.Evaluation;
using static MLNet.Softmax.Tool.ScoreFileArguments;

namespace MLNet.Softmax.Tool;

/// <summary>The command <c>softmax evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string Description = "Evaluates the probabilities or logits of a multiclass model, from any framework, in score files.";

    /// <summary>What the help says below the options.</summary>
    public const string Details = """
        A score file has one row for each example: its label, and a score for each class. It may be text with any separator, compressed
        with gzip or not, what ML.NET's SaveAsText writes, or Parquet; - is standard input. The columns are found by their names, and the
        first line of the output says how they were understood. In --scores and --ignore, * stands for any characters. Rows without a
        label, or with NaN or nothing for a score, are left out and counted.

        Examples:
          softmax evaluate predictions.csv
          softmax evaluate shards/*.parquet --report report.html
          softmax evaluate logits.csv --calibrate-on 0.5 --method vector
          softmax evaluate new-model.csv --compare old-model.csv --json
          softmax evaluate predictions.csv --decide y_pred --costs costs.csv
          softmax evaluate shard-7.csv --state shard-7.state

        A file for --costs has a row for each decision and a column for each true class; a row named abstain is the cost of no decision:
          decision,cat,dog
          cat,0,5
          dog,1,0
          abstain,0.5,0.5

        Memory does not grow with the rows under --metrics streaming. Otherwise it takes about 4 x classes + 24 bytes a row, for ROC AUC,
        the adaptive calibration error and the differences between two models. Decisions take up to 100 bytes a row more, for the curve
        over thresholds. Parquet from standard input is copied to a temporary file.

        Exit codes: 0, done; 2, it cannot be done, and standard error says why; 130, stopped with Ctrl+C.
        """;

    public static Command Create()
    {
        var command = new Command("evaluate", Description);
        var arguments = new ScoreFileArguments(command);
        var calibrateOn = Text(
            "--calibrate-on", "SHARE|FILE", "Fit a calibration on this share of the rows, from the top, or on another file, "
            + "and evaluate the other rows before and after");
        var method = Choice("--method", "Which calibration", Calibrator.Methods);
        var compare = Text("--compare", "FILE", "Another model's scores of the same rows: which differences are real. Rows are matched by "
            + "their ids, or by their order where there are none");
        var threshold = new Option<ClassThreshold?>("--threshold")
        {
            Description = "A probability to decide at, such as 'hot dog=0.8'; without a class, the lowest confidence that is answered",
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
        var decide = Text("--decide", "COLUMN", "Evaluate the decisions in this column too: a class, or empty for none");
        var costs = Text("--costs", "FILE", "A table of costs, one row a decision and one column a true class: their mean, and without "
            + "--decide or --threshold, the decisions of lowest expected cost");
        var metrics = Choice("--metrics", "Which figures to compute: all, or those that need no memory for each row", "all", "streaming");
        var report = Text("--report", "FILE", "Where to write an HTML report");
        var state = Text("--state", "FILE", "Where to save the metrics of these rows, for softmax merge");
        var json = new Option<bool>("--json")
        {
            Description = "Write the figures as one JSON object; all other lines go to standard error",
        };
        foreach (Option option in (Option[])[calibrateOn, method, compare, decide, threshold, costs, metrics, report, state, json])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(calibrateOn) is not null && result.GetResult(compare) is not null)
                result.AddError("--calibrate-on and --compare cannot be given together: each compares two evaluations.");
            if (result.GetResult(decide) is not null && result.GetResult(threshold) is not null)
                result.AddError("--decide and --threshold cannot be given together: each says where the decisions come from.");
        });
        command.Validators.Add(result =>
        {
            Option[] notSaved = [calibrateOn, compare, decide, threshold, costs];
            var other = notSaved.FirstOrDefault(option => result.GetResult(option) is not null);
            if (other is not null && result.GetResult(state) is not null)
                result.AddError($"--state and {other.Name} cannot be given together: a state holds the metrics of the scores alone.");
        });
        command.SetAction((result, stop) =>
        {
            var settings = new EvaluationSettings(
                arguments.Files(result), arguments.Layout(result) with { Decision = result.GetValue(decide) },
                result.GetValue(metrics) == "streaming", result.GetValue(calibrateOn), result.GetValue(method)!,
                result.GetValue(compare) is { } other ? FileNames.Expand([other]) : null,
                result.GetValue(threshold), result.GetValue(costs));
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            Run(settings, result.GetValue(report), result.GetValue(state), result.GetValue(json), output, error, stop);
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>Writes the result, and the report if its path is given.</summary>
    public static void Write(
        EvaluationResult result, EvaluationSettings settings, string? report, bool asJson, TextWriter output, TextWriter error)
    {
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
            Threshold = result.Decisions?.Threshold,
            Decisions = result.Decisions?.Metrics,
        });
        (asJson ? error : output).WriteLine($"Report: {Path.GetFullPath(report)}");
    }

    private static void Run(
        EvaluationSettings settings, string? report, string? state, bool asJson, TextWriter output, TextWriter error,
        CancellationToken stop)
    {
        CheckTarget("--report", report);
        CheckTarget("--state", state);
        var notes = asJson ? error : output;
        var result = new EvaluationWork(settings, notes.WriteLine, stop) { StateFile = state }.Run();
        Write(result, settings, report, asJson, output, error);
        if (state is not null)
            notes.WriteLine($"State: {Path.GetFullPath(state)}");
    }

    private static void Show(EvaluationResult result, TextWriter output)
    {
        foreach (var note in result.Notes)
            output.WriteLine("Note: " + note);
        output.WriteLine();
        output.WriteLine(result.Metrics);
        if (result.Comparison is { } comparison)
            output.WriteLine(comparison);
        if (result.Decisions is { } decisions)
            output.WriteLine(decisions);
    }
}

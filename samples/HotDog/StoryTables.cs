using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Transforms;
using Spectre.Console;

using static Microsoft.ML.ThresholdGoal;

namespace HotDog;

/// <summary>The tables of the story.</summary>
internal static class StoryTables
{
    /// <summary>Why softmax: the maximum has no scale, argmax forgets the doubt, softmax keeps it.</summary>
    public static void ShowMaxArgmaxSoftmax(EvaluatedPhotograph photograph, string[] classes)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"The most doubtful held-out photograph, {photograph.Image}:");
        var table = NewTable("class", "score", "max", "argmax", "softmax");
        var largest = Array.IndexOf(photograph.Score, photograph.Score.Max());
        for (var i = 0; i < classes.Length; i++)
        {
            var isLargest = i == largest;
            table.AddRow(
                Markup.Escape(classes[i]), $"{photograph.Score[i]:0.000}", isLargest ? $"{photograph.Score[i]:0.000}" : "",
                isLargest ? "1" : "0", $"{photograph.Probability[i]:0.000}");
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Max and argmax name one class and hide the doubt. The calibrated softmax shows it.");
    }

    /// <summary>What the threshold does to held-out photographs, of which <paramref name="evaluate"/> gives a goal's figure.</summary>
    public static void ShowDecision(DecideTransformer decide, Func<ThresholdGoal, ThresholdFit> evaluate)
    {
        var (positive, threshold) = decide.Thresholds.Single();
        var source = decide.Calibration is { } fit ? $"the {fit.Goal} on the out-of-fold scores" : "--threshold";
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"Called '{positive}' from a probability of {threshold:0.00} on ({source}):");
        var table = NewTable("held-out photographs", "most probable class", $"at {threshold:0.00}", "95 % interval");
        foreach (var (name, goal) in new[] { ("precision", Precision(1)), ("recall", Recall(1)), ("F1", FBeta()) })
        {
            var figure = evaluate(goal);
            var (after, interval) = figure.After;
            table.AddRow(name, $"{figure.Before.Value:0.000}", $"{after:0.000}", $"{interval.Lower:0.000} to {interval.Upper:0.000}");
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"Precision: the share of those called {positive} that are. Recall: the share of {positive} that is found. F1: both in one.");
    }

    public static void ShowSets(PredictionSetMetrics sets, double coverage) => AnsiConsole.WriteLine(
        $"Prediction sets for a coverage of {coverage:0%}: {sets.Coverage:0%} of {sets.RowsUsed} contain the true class, and they name "
        + $"{sets.MeanSize:0.00} classes on average.");

    /// <summary>Figures before and after calibration, with intervals, and what the model mistakes for what.</summary>
    public static void ShowEvaluation(ProbabilityMetrics before, ProbabilityMetrics after)
    {
        AnsiConsole.WriteLine();
        var table = NewTable($"{after.RowsUsed} held-out photographs", "before", "after", "95 % interval after");
        AddRow("log-loss", HeadlineMetric.LogLoss);
        AddRow("calibration error", HeadlineMetric.ExpectedCalibrationError);
        AddRow("Brier score", HeadlineMetric.BrierScore);
        AddRow("accuracy", HeadlineMetric.MicroAccuracy);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(after.LogLoss < before.LogLoss
            ? "Calibration lowered the log-loss. A temperature never changes which class is first."
            : "Calibration did not lower the log-loss on these photographs: they are few, and the model was already close to calibrated.");
        ShowConfusions(after);
        ShowMistakes(after);

        void AddRow(string name, HeadlineMetric metric)
        {
            var interval = after.IntervalOf(metric);
            var text = interval is { } known ? $"{known.Lower:0.000} to {known.Upper:0.000}" : "";
            table.AddRow(name, $"{before[metric]:0.000}", $"{after[metric]:0.000}", text);
        }
    }

    private static void ShowConfusions(ProbabilityMetrics metrics)
    {
        if (metrics.Confusion is not { } confusion)
            return;
        var largest =
            from actual in Enumerable.Range(0, metrics.ClassCount)
            from predicted in Enumerable.Range(0, metrics.ClassCount)
            where actual != predicted && confusion[actual, predicted] > 0
            orderby confusion[actual, predicted] descending
            select $"{metrics.ClassNames[actual]} taken for {metrics.ClassNames[predicted]}: {confusion[actual, predicted]:0}";
        AnsiConsole.WriteLine($"Confusions of the most probable class: {string.Join("; ", largest.Take(5).DefaultIfEmpty("none"))}.");
    }

    private static void ShowMistakes(ProbabilityMetrics metrics)
    {
        foreach (var mistake in metrics.ConfidentMistakes.Take(5))
        {
            AnsiConsole.WriteLine(
                $"  Confident mistake: {mistake.RowName} is {metrics.ClassNames[mistake.Label]}, but the model says "
                + $"{metrics.ClassNames[mistake.Predicted]} with {mistake.Confidence:0%}.");
        }
    }

    private static Table NewTable(params string[] titles)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var title in titles)
        {
            var alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right;
            table.AddColumn(new TableColumn(Markup.Escape(title)) { Alignment = alignment });
        }

        return table;
    }
}

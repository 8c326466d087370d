using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using Spectre.Console;

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

    /// <summary>The decision at a threshold: how many of each kind are called positive.</summary>
    public static void ShowDecision(IReadOnlyList<EvaluatedPhotograph> photographs, string positive, float threshold)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(
            $"Called '{positive}' from a probability of {threshold:0.00} on (--threshold), {photographs.Count} held-out photographs:");
        var table = NewTable("", $"called {positive}", "called something else");
        foreach (var isPositive in new[] { true, false })
        {
            var group = photographs.Where(one => one.TrueLabel == positive == isPositive).ToList();
            var called = group.Count(one => one.ProbabilityOf(positive) >= threshold);
            var name = Markup.Escape(isPositive ? $"is {positive}" : $"is not {positive}");
            table.AddRow(name, Colour(called, isPositive), Colour(group.Count - called, !isPositive));
        }

        AnsiConsole.Write(table);

        static string Colour(int count, bool isRight) => isRight ? $"[green]{count}[/]" : $"[red]{count}[/]";
    }

    public static void ShowSets(IReadOnlyList<EvaluatedPhotograph> photographs, double coverage)
    {
        var covered = photographs.Count(one => one.PredictionSet.Contains(one.TrueLabel));
        var single = photographs.Count(one => one.PredictionSet.Length == 1);
        AnsiConsole.WriteLine(
            $"Prediction sets for a coverage of {coverage:0%}: {covered} of {photographs.Count} contain the true class "
            + $"({covered / (double)photographs.Count:0%}), and {single} name one class alone.");
    }

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
        AnsiConsole.WriteLine($"Confusions: {string.Join("; ", largest.Take(5).DefaultIfEmpty("none"))}.");
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

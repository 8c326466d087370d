using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>What comes of a threshold, and the prediction sets of each class: what is made of the probabilities.</summary>
internal static class DecisionSection
{
    public static void WriteThreshold(MarkupWriter markup, ThresholdFit? fit, IReadOnlyList<string> classNames)
    {
        if (fit is null)
            return;
        var positive = fit.PositiveClass is { } index ? classNames[index] : null;
        var (precision, meaning) = positive is null
            ? ("Accuracy", "Accuracy: of the answers. Recall: the right answers that are kept. Coverage: the rows that are answered.")
            : (
                "Precision",
                "Precision: of the rows given the class. Recall: of the rows of the class. Coverage: the rows given the class.");
        string subject = positive is null ? "A row is answered where its highest probability reaches the threshold"
            : $"A row is given \"{positive}\" where the probability of that class reaches the threshold";
        using (ReportSection.Pair(markup))
        {
            ReportSection.WriteChart(
                markup, "Where to draw the line", $"{subject}. The threshold is {Probability(fit.Threshold)}; the goal: {fit.Goal}.",
                new DecisionCurve(fit),
                $"{meaning} On {Count(fit.RowsUsed)} rows; the dashed line is the threshold.");
            if (fit.Curve.Any(point => double.IsFinite(point.Cost)))
            {
                ReportSection.WriteChart(
                    markup, "What it costs", "The mean cost of a row: of wrong answers, and of those that are missing.",
                    DecisionCurve.OfCost(fit));
            }
        }

        WriteFigures(markup, fit, precision);
    }

    public static void WriteSets(MarkupWriter markup, PredictionSetMetrics? sets)
    {
        if (sets is null)
            return;
        string[] Row(string name, long rows, double coverage, ConfidenceInterval interval, double size) =>
            [name, Count(rows), Percent(coverage), Interval(Percent(interval.Lower), Percent(interval.Upper)), Decimal(size, 2)];
        ReportSection.WriteTable(
            markup, "Prediction sets", "How often the set of a row contains its true class, and how many labels it has, class by class.",
            new ReportTable(
                "Prediction sets of each class", new("True class", IsNumber: false), new("Rows"), new("Covered"), new("95% interval"),
                new("Mean size")),
            [
                Row("All", sets.RowsUsed, sets.Coverage, sets.CoverageInterval, sets.MeanSize),
                .. sets.Classes.Select(one => Row(one.Name, one.Rows, one.Coverage, one.CoverageInterval, one.MeanSize)),
            ]);
    }

    private static void WriteFigures(MarkupWriter markup, ThresholdFit fit, string precision)
    {
        string Figure(FigureWithInterval figure) =>
            $"{Decimal(figure.Value)} ({Interval(Decimal(figure.Interval.Lower), Decimal(figure.Interval.Upper))})";
        var rows = new List<string[]> { new[] { fit.Goal.FigureName, Figure(fit.Before), Figure(fit.After) } };
        if (fit.Curve.FirstOrDefault(point => point.Threshold >= fit.Threshold) is { Coverage: > 0 } chosen)
        {
            rows.Add([precision, Missing, Percent(chosen.Precision)]);
            rows.Add(["Recall", Missing, Percent(chosen.Recall)]);
            rows.Add(["Coverage", Missing, Percent(chosen.Coverage)]);
        }

        if (fit.RiskBound is { } bound)
            rows.Add(["Bound on the risk of new rows", Missing, Percent(bound)]);
        ReportSection.WriteTable(
            markup, "At the chosen threshold", "Without a threshold, the most probable class answers every row. Intervals: 95%.",
            new ReportTable("Figures at the chosen threshold", new("Figure", IsNumber: false), new("Without"), new("With")), rows);
    }
}

using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The sections on decisions: a threshold, the decisions in a column, the prediction sets of each class.</summary>
internal static class DecisionSection
{
    /// <summary>Rejects results whose classes are not those of the report.</summary>
    public static void Check(ProbabilityReportOptions options, int classCount)
    {
        void CheckCount(string name, int? count)
        {
            if (count is { } found && found != classCount)
            {
                throw new ArgumentException(
                    $"{name} has {found} classes, but the metrics of the report have {classCount}. Evaluate both on the same data.",
                    nameof(options));
            }
        }

        CheckCount(nameof(options.Decisions), options.Decisions?.Classes.Length);
        CheckCount(nameof(options.PredictionSets), options.PredictionSets?.Classes.Length);
        if (options.Threshold?.PositiveClass is { } positive && positive >= classCount)
            CheckCount(nameof(options.Threshold), positive + 1);
    }

    public static void WriteThreshold(MarkupWriter markup, ThresholdFit? fit, IReadOnlyList<string> classNames)
    {
        if (fit is null)
            return;
        WriteCurves(
            markup, fit, classNames, "Where to draw the line",
            $"The threshold is {Probability(fit.Threshold)}; the goal: {fit.Goal}.", "the dashed line is the threshold");
        WriteFigures(markup, fit, AnswersOf(fit).Precision);
    }

    /// <param name="markup">The page.</param>
    /// <param name="decisions">The decisions; null for none.</param>
    /// <param name="threshold">The threshold that the page shows; if it has the same curves, these are not repeated.</param>
    /// <param name="classNames">The name of each class.</param>
    public static void WriteDecisions(
        MarkupWriter markup, DecisionMetrics? decisions, ThresholdFit? threshold, IReadOnlyList<string> classNames)
    {
        if (decisions is null)
            return;
        var fit = decisions.OverThresholds;
        var answers = fit.PositiveClass is { } positive ? $"given \"{classNames[positive]}\"" : "answered";
        if (threshold is null || threshold.Curve != fit.Curve)
        {
            WriteCurves(
                markup, fit, classNames, "The decisions, and every other threshold",
                $"The lowest probability that was {answers} is {Probability(fit.Threshold)}.",
                "the dashed line is that lowest probability");
        }

        string[] Row(string name, long rows, long decided, FigureWithInterval precision, FigureWithInterval recall) =>
            [name, Count(rows), Count(decided), Share(precision), Share(recall)];
        var cost = decisions.MeanCost is { } mean ? $" The mean cost of a row is {Figure(mean)}." : "";
        ReportSection.WriteTable(
            markup, "Decisions",
            $"Of {Count(decisions.RowsUsed)} rows, {Share(decisions.Coverage)} have a decision; {Share(decisions.Accuracy)} of the "
            + $"decisions are right.{cost} Intervals: 95%.",
            new ReportTable(
                "Decisions for each class", new("Class", IsNumber: false), new("Rows"), new("Decisions"), new("Precision"), new("Recall")),
            [.. decisions.Classes.Select((one, k) => Row(classNames[k], one.Rows, one.Decisions, one.Precision, one.Recall))]);
    }

    public static void WriteSets(MarkupWriter markup, PredictionSetMetrics? sets, IReadOnlyList<string> classNames)
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
                .. sets.Classes.Select((one, k) => Row(classNames[k], one.Rows, one.Coverage, one.CoverageInterval, one.MeanSize)),
            ]);
    }

    private static (string Precision, string Meaning) AnswersOf(ThresholdFit fit) => fit.PositiveClass is null
        ? ("Accuracy", "Accuracy: of the answers. Recall: the right answers that are kept. Coverage: the rows that are answered.")
        : ("Precision", "Precision: of the rows given the class. Recall: of the rows of the class. Coverage: the rows given the class.");

    private static void WriteCurves(
        MarkupWriter markup, ThresholdFit fit, IReadOnlyList<string> classNames, string heading, string chosen, string line)
    {
        var (precision, meaning) = AnswersOf(fit);
        var subject = fit.PositiveClass is { } index
            ? $"A row is given \"{classNames[index]}\" where the probability of that class reaches the threshold"
            : "A row is answered where its highest probability reaches the threshold";
        using var pair = ReportSection.Pair(markup);
        ReportSection.WriteChart(
            markup, heading, $"{subject}. {chosen}",
            new DecisionCurve(fit),
            $"{meaning} On {Count(fit.RowsUsed)} rows; {line}.");
        if (!fit.Curve.Any(point => double.IsFinite(point.Cost)))
            return;
        ReportSection.WriteChart(
            markup, "What it costs", "The mean cost of a row: of wrong answers, and of those that are missing.",
            DecisionCurve.OfCost(fit));
    }

    private static void WriteFigures(MarkupWriter markup, ThresholdFit fit, string precision)
    {
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

    private static string Figure(FigureWithInterval figure) =>
        $"{Decimal(figure.Value)} ({Interval(Decimal(figure.Interval.Lower), Decimal(figure.Interval.Upper))})";

    private static string Share(FigureWithInterval figure) => double.IsNaN(figure.Value) ? Missing
        : $"{Percent(figure.Value)} ({Interval(Percent(figure.Interval.Lower), Percent(figure.Interval.Upper))})";
}

using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>Every figure with its interval and what it means.</summary>
internal static class FiguresSection
{
    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var table = new ReportTable(
            "All figures", new("Figure", IsNumber: false), new("Value"),
            new(FigureText.Level(metrics.ConfidenceLevel) + " interval"), new("Meaning", IsNumber: false));
        var headline = Enum.GetValues<HeadlineMetric>().Select<HeadlineMetric, string[]>(metric =>
        [
            MetricsText.Name(metric), FigureText.Of(metric, metrics[metric]), FigureText.Of(metric, metrics.IntervalOf(metric)),
            Meaning(metrics, metric),
        ]);
        ReportSection.WriteTable(markup, "All figures", $"Intervals: {metrics.IntervalMethod}.", table, [.. headline, .. Others(metrics)]);
    }

    private static IEnumerable<string[]> Others(ProbabilityMetrics metrics)
    {
        yield return Other(
            "Classwise calibration error", Percent(metrics.ClasswiseCalibrationError, 2),
            "calibration error of each class's probability, averaged");
        if (metrics.AdaptiveCalibrationError is { } adaptive)
            yield return Other("Adaptive calibration error", Percent(adaptive, 2), "calibration error over bins of equally many rows");
        if (metrics.MacroRocAuc is { } area)
            yield return Other("Macro ROC AUC", Decimal(area),
                "how well each class's probability ranks its rows above the others; 0.5 is chance");
        yield return Other("Weighted F1", Decimal(metrics.WeightedF1), "F1 of the classes, weighted by their rows");
        yield return Other("Mean confidence", Percent(metrics.MeanConfidence, 2), "mean probability of the class given");
        if (metrics.ImpossibleRows > 0)
        {
            yield return Other(
                "Impossible rows", Count(metrics.ImpossibleRows),
                "rows whose true class has probability 0; each counts with a log-loss of 87.3, and in ML.NET's Evaluate of 34.5");
        }
    }

    private static string[] Other(string name, string value, string meaning) => [name, value, Missing, meaning];

    private static string Meaning(ProbabilityMetrics metrics, HeadlineMetric metric) => metric switch
    {
        HeadlineMetric.LogLoss =>
            $"mean of -ln(probability of the truth); always answering the frequencies has {Decimal(metrics.PriorLogLoss)}",
        HeadlineMetric.LogLossReduction => "share of that loss which the model takes away; 1 is perfect, 0 is useless",
        HeadlineMetric.BrierScore => "mean squared error of the probabilities, summed over the classes; 0 is perfect, 2 the worst",
        HeadlineMetric.MicroAccuracy => "share of rows whose most probable class is the true one",
        HeadlineMetric.MacroAccuracy => "recall averaged over the classes",
        HeadlineMetric.MacroPrecision => "precision averaged over the classes",
        HeadlineMetric.MacroF1 => "F1 averaged over the classes",
        HeadlineMetric.MatthewsCorrelation => "correlation of true and given classes; 0 is chance, 1 is perfect",
        HeadlineMetric.CohenKappa => "agreement beyond chance; 1 is perfect",
        HeadlineMetric.ExpectedCalibrationError => $"mean gap between confidence and accuracy over {metrics.CalibrationBins.Count} bins",
        HeadlineMetric.MaximumCalibrationError => "widest gap of any bin",
        HeadlineMetric.RiskCoverageArea => "mean error rate over all coverages; 0 is perfect",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric."),
    };
}

/// <summary>The most important figures, large, each with its interval or a value to compare it with.</summary>
internal static class HeadlineFigures
{
    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        List<HeadlineMetric> headline =
        [
            HeadlineMetric.MicroAccuracy, HeadlineMetric.LogLoss, HeadlineMetric.BrierScore, HeadlineMetric.ExpectedCalibrationError,
            HeadlineMetric.MacroF1, HeadlineMetric.MatthewsCorrelation,
        ];
        int k = metrics.ClassCount > 10 ? 5 : metrics.ClassCount > 4 ? 3 : 2;
        // Keep two rows of four, even if a figure was not computed.
        if (metrics.MacroRocAuc is null)
            headline.Add(HeadlineMetric.CohenKappa);
        if (metrics.ClassCount <= k)
            headline.Add(HeadlineMetric.MacroAccuracy);
        using (markup.Open("dl", ("class", "headline")))
        {
            foreach (var metric in headline)
                WriteHeadline(markup, metrics, metric);
            if (metrics.MacroRocAuc is { } area)
                WriteFigure(markup, "Macro ROC AUC", Decimal(area), "0.5 is chance");
            if (metrics.ClassCount > k)
                WriteFigure(markup, $"Top-{k} accuracy", Percent(metrics.TopKAccuracy[k - 1], 2), $"the truth is among the first {k}");
        }

        markup.Line();
    }

    private static void WriteHeadline(MarkupWriter markup, ProbabilityMetrics metrics, HeadlineMetric metric)
    {
        string remark = metrics.IntervalOf(metric) is { } interval
            ? $"{FigureText.Level(interval.Level)}: {FigureText.Of(metric, interval)}"
            : Remark(metrics, metric);
        WriteFigure(markup, MetricsText.Name(metric), FigureText.Of(metric, metrics[metric]), remark);
    }

    private static string Remark(ProbabilityMetrics metrics, HeadlineMetric metric) => metric switch
    {
        HeadlineMetric.ExpectedCalibrationError => $"{Count(metrics.CalibrationBins.Count)} bins; 0 is perfect",
        HeadlineMetric.MatthewsCorrelation or HeadlineMetric.CohenKappa => "0 is chance, 1 is perfect",
        HeadlineMetric.MacroF1 => "mean over the classes",
        _ => HeadlineMetrics.IsHigherBetter(metric) ? "1 is perfect" : "0 is perfect",
    };

    private static void WriteFigure(MarkupWriter markup, string name, string value, string remark)
    {
        using (markup.Open("div"))
        {
            markup.Element("dt", name);
            markup.Element("dd", value, ("class", "value"));
            markup.Element("dd", remark, ("class", "interval"));
        }
    }
}

/// <summary>Figures and their intervals in their usual unit: shares as percentages, losses and scores as numbers.</summary>
internal static class FigureText
{
    public static string Of(HeadlineMetric metric, double value) => IsShare(metric) ? Percent(value, 2) : Decimal(value);

    public static string Of(HeadlineMetric metric, ConfidenceInterval? interval) => interval is { } bounds
        ? Interval(Of(metric, bounds.Lower), Of(metric, bounds.Upper))
        : Missing;

    /// <summary>A difference of two figures, with its sign; differences of percentages are percentage points.</summary>
    public static string Difference(HeadlineMetric metric, double value)
    {
        bool isShare = IsShare(metric);
        string text = isShare ? Decimal(value * 100, 2) : Decimal(value);
        return (value > 0 ? "+" : "") + text + (isShare ? " pp" : "");
    }

    /// <summary>As "95%".</summary>
    public static string Level(double level) => PercentTick(level, 0.01);

    private static bool IsShare(HeadlineMetric metric) => metric is HeadlineMetric.MicroAccuracy or HeadlineMetric.MacroAccuracy
        or HeadlineMetric.ExpectedCalibrationError or HeadlineMetric.MaximumCalibrationError;
}

/// <summary>Before and after, and which differences are real.</summary>
internal static class ComparisonSection
{
    private static readonly ReportTable Table = new(
        "The same rows before and after",
        new("Figure", IsNumber: false), new("Before"), new("After"), new("Verdict", IsNumber: false), new("Difference"), new("Interval"));

    public static void Write(MarkupWriter markup, ProbabilityComparison? comparison)
    {
        if (comparison is not null)
            ReportSection.WriteTable(markup, "What changed", Introduction(comparison), Table, comparison.Differences.Select(Cells));
    }

    private static string Introduction(ProbabilityComparison comparison)
    {
        string notCompared = comparison.RowsOnlyBefore + comparison.RowsOnlyAfter == 0
            ? ""
            : $" Rows that only one of the two was evaluated on are not compared: {Count(comparison.RowsOnlyBefore)} before, "
                + $"{Count(comparison.RowsOnlyAfter)} after.";
        return $"Both on the same {Count(comparison.Rows)} rows; {FigureText.Level(comparison.ConfidenceLevel)} intervals of the "
            + $"difference from {Count(comparison.Resamples)} paired resamples. A difference whose interval holds zero may be chance."
            + notCompared;
    }

    private static string[] Cells(MetricDifference difference)
    {
        var (metric, interval) = (difference.Metric, difference.Interval);
        return
        [
            MetricsText.Name(metric), FigureText.Of(metric, difference.Before), FigureText.Of(metric, difference.After),
            ProbabilityComparison.Verdict(difference, "▲ better", "▼ worse"),
            FigureText.Difference(metric, difference.Difference),
            Interval(FigureText.Difference(metric, interval.Lower), FigureText.Difference(metric, interval.Upper)),
        ];
    }
}

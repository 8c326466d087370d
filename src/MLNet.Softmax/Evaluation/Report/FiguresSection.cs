using MLNet.Softmax.Charts;
using MLNet.Softmax.Numerics.Metrics;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>Every figure with its interval and what it means.</summary>
internal static class FiguresSection
{
    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var table = new ReportTable(
            "All figures", new("Figure", IsNumber: false), new("Value"),
            new(FigureText.Level(metrics.ConfidenceLevel) + " interval"), new("Meaning", IsNumber: false));
        using (ReportSection.Open(markup, "All figures", $"Intervals: {metrics.IntervalMethod}."))
            table.Write(markup, [.. Enum.GetValues<HeadlineMetric>().Select(metric => Headline(metrics, metric)), .. Others(metrics)]);
        markup.Line();
    }

    private static string[] Headline(ProbabilityMetrics metrics, HeadlineMetric metric) =>
        [MetricNames.Of(metric), FigureText.Of(metric, metrics[metric]), FigureText.Of(metric, metrics.IntervalOf(metric)), Meaning(metrics, metric)];

    private static IEnumerable<string[]> Others(ProbabilityMetrics metrics)
    {
        yield return Other(
            "Classwise calibration error", Percent(metrics.ClasswiseCalibrationError, 2), "calibration error of each class's probability, averaged");
        if (metrics.AdaptiveCalibrationError is { } adaptive)
            yield return Other("Adaptive calibration error", Percent(adaptive, 2), "calibration error over bins of equally many rows");
        if (metrics.MacroRocAuc is { } area)
            yield return Other("Macro ROC AUC", Decimal(area), "how well each class's probability ranks its rows above the others; 0.5 is chance");
        yield return Other("Weighted F1", Decimal(metrics.WeightedF1), "F1 of the classes, weighted by their rows");
        yield return Other("Mean confidence", Percent(metrics.MeanConfidence, 2), "mean probability of the class given");
        if (metrics.ImpossibleRows > 0)
        {
            yield return Other(
                "Impossible rows", Count(metrics.ImpossibleRows), "rows whose true class was given probability 0; each counts with a loss of 87.3");
        }
    }

    private static string[] Other(string name, string value, string meaning) => [name, value, Missing, meaning];

    private static string Meaning(ProbabilityMetrics metrics, HeadlineMetric metric) => metric switch
    {
        HeadlineMetric.LogLoss => $"mean of -ln(probability of the truth); always answering the frequencies has {Decimal(metrics.PriorLogLoss)}",
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

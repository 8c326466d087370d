using MLNet.Softmax.Charts;
using MLNet.Softmax.Numerics.Metrics;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>The figures that a reader looks for first, large, each with its interval or with what to hold it against.</summary>
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
        // Two rows of four, whatever could be computed.
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
        WriteFigure(markup, MetricNames.Of(metric), FigureText.Of(metric, metrics[metric]), remark);
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

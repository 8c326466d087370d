using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>The intervals of the headline metrics: from standard errors, or from the bootstrap where one was asked for.</summary>
internal static class HeadlineIntervals
{
    public static string Method(ProbabilityEvaluationOptions options) => options.Bootstrap is { } bootstrap
        ? $"bootstrap, {bootstrap.Resamples} resamples, seed {bootstrap.Seed}"
        : "standard error";

    public static ConfidenceInterval?[] Of(HeadlineMetrics headline, KeptRows? rows, ProbabilityEvaluationOptions options)
    {
        if (options.Bootstrap is { } bootstrap)
        {
            return Array.ConvertAll(
                HeadlineBootstrap.Intervals(rows!.Outcomes, headline.Totals.ClassCount, options.CalibrationBins, bootstrap),
                interval => (ConfidenceInterval?)interval);
        }

        var level = options.ConfidenceLevel;
        var intervals = new ConfidenceInterval?[HeadlineMetrics.Count];
        intervals[(int)HeadlineMetric.LogLoss] = ConfidenceInterval.OfMean(headline.LogLoss.Mean, headline.LogLoss.StandardError, level);
        intervals[(int)HeadlineMetric.BrierScore] = ConfidenceInterval.OfMean(headline.BrierScore.Mean, headline.BrierScore.StandardError, level);
        intervals[(int)HeadlineMetric.MicroAccuracy] = Accuracy.MicroInterval(headline.Totals, level);
        intervals[(int)HeadlineMetric.MacroAccuracy] = OfMacroAccuracy(headline.Totals, level);
        return intervals;
    }

    /// <summary>
    /// The classes' recalls are independent shares: the variance of their mean is the mean of their variances, divided once more.
    /// </summary>
    private static ConfidenceInterval OfMacroAccuracy(ClassTotals totals, double level)
    {
        var variance = 0.0;
        var classes = 0;
        for (var label = 0; label < totals.ClassCount; label++)
        {
            var rows = totals.Labelled(label) * (totals.EffectiveRowCount / totals.Weight);
            if (!(rows > 0))
                continue;
            var recall = Recall.OfClass(totals, label);
            variance += recall * (1 - recall) / rows;
            classes++;
        }

        return ConfidenceInterval.OfMean(Accuracy.Macro(totals), Math.Sqrt(variance) / classes, level);
    }
}

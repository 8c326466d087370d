using System.Collections.Immutable;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Evaluation;

/// <summary>How the figures are computed from everything that an evaluator was given.</summary>
public sealed partial class ProbabilityMetrics
{
    private readonly double[] _headline;
    private readonly ConfidenceInterval?[] _intervals;

    internal ProbabilityMetrics(ProbabilityEvaluator source)
    {
        var (options, headline) = (source.Options, source.Headline);
        var (classification, calibration) = (headline.Classification, headline.Calibration);
        var areas = source.RocAuc?.ToArray(options.MaxDegreeOfParallelism);
        var rows = source.Rows?.Sorted();
        ConfidenceLevel = options.Bootstrap?.ConfidenceLevel ?? options.ConfidenceLevel;
        ClassNames = ImmutableArray.Create(source.ClassNames);
        RowsUsed = classification.RowCount;
        RowsLeftOut = source.LeftOut;
        TotalWeight = classification.Weight;
        IsWeighted = source.IsWeighted;
        _headline = headline.ToArray();
        PriorLogLoss = headline.LogLoss.PriorEntropy;
        ImpossibleRows = headline.LogLoss.ImpossibleRows;
        WeightedF1 = classification.WeightedF1;
        TopKAccuracy = ImmutableArray.Create(source.TopK.ToArray());
        MacroRocAuc = areas is null ? null : RocAuc.Macro(areas);
        MeanConfidence = calibration.MeanConfidence;
        ClasswiseCalibrationError = source.Classwise.ExpectedError;
        AdaptiveCalibrationError = options.AdaptiveCalibration
            ? Numerics.Metrics.AdaptiveCalibrationError.Compute(rows!.Outcomes.Span, options.CalibrationBins.Count) : null;
        CalibrationBins = options.CalibrationBins;
        Reliability = ImmutableArray.Create(calibration.ToBins(ConfidenceLevel));
        RiskCoverage = ImmutableArray.Create(headline.RiskCoverage.ToPoints());
        Confusion = source.Confusion?.Copy();
        Classes = [.. source.ClassNames.Select((name, index) => new ClassMetrics(name, index, areas?[index], ConfidenceLevel, source))];
        ConfidentMistakes = ImmutableArray.Create(source.Mistakes.ToArray());
        var bootstrap = options.Bootstrap;
        IntervalMethod = bootstrap is null ? "standard error" : $"bootstrap, {bootstrap.Resamples} resamples, seed {bootstrap.Seed}";
        _intervals = bootstrap is not null
            ? [.. Bootstrap.Intervals(rows!.Outcomes, ClassCount, CalibrationBins, bootstrap)]
            : StandardErrorIntervals(headline, ConfidenceLevel);
        Rows = options.KeepRows ? rows : null;
    }

    internal KeptRows? Rows { get; }

    private static ConfidenceInterval?[] StandardErrorIntervals(HeadlineMetrics headline, double level)
    {
        var (loss, brier) = (headline.LogLoss, headline.BrierScore);
        var intervals = new ConfidenceInterval?[HeadlineMetrics.Count];
        intervals[(int)HeadlineMetric.LogLoss] = ConfidenceInterval.OfMean(loss.Mean, loss.StandardError, level);
        intervals[(int)HeadlineMetric.BrierScore] = ConfidenceInterval.OfMean(brier.Mean, brier.StandardError, level);
        intervals[(int)HeadlineMetric.MicroAccuracy] = headline.Classification.MicroAccuracyInterval(level);
        intervals[(int)HeadlineMetric.MacroAccuracy] = OfMacroAccuracy(headline.Classification, level);
        return intervals;
    }

    /// <summary>
    /// The recalls of the classes are independent shares: the variance of their mean is the mean of their variances, divided once more.
    /// </summary>
    private static ConfidenceInterval OfMacroAccuracy(ClassificationMetrics metrics, double level)
    {
        var variance = 0.0;
        var classes = 0;
        for (var label = 0; label < metrics.ClassCount; label++)
        {
            var rows = metrics.LabelWeight(label) * (metrics.EffectiveRowCount / metrics.Weight);
            if (!(rows > 0))
                continue;
            var recall = metrics.Recall(label);
            variance += recall * (1 - recall) / rows;
            classes++;
        }

        return ConfidenceInterval.OfMean(metrics.MacroAccuracy, Math.Sqrt(variance) / classes, level);
    }
}

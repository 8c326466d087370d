using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>Turns filled accumulators into <see cref="ProbabilityMetrics"/>.</summary>
internal static class EvaluationResult
{
    public static ProbabilityMetrics Of(string[] classNames, ProbabilityEvaluationOptions options, EvaluationState state)
    {
        var headline = state.Headline;
        var totals = headline.Totals;
        var areas = state.RocAuc?.ToArray(options.MaxDegreeOfParallelism);
        state.Rows?.Finish();
        return new ProbabilityMetrics
        {
            ClassNames = ImmutableArray.Create(classNames),
            RowsUsed = totals.RowCount,
            RowsLeftOut = state.LeftOut,
            TotalWeight = totals.Weight,
            IsWeighted = state.IsWeighted,
            LogLoss = headline.LogLoss.Mean,
            PriorLogLoss = headline.LogLoss.PriorEntropy,
            LogLossReduction = headline.LogLoss.Reduction,
            ImpossibleRows = headline.LogLoss.ImpossibleRows,
            BrierScore = headline.BrierScore.Mean,
            MicroAccuracy = Accuracy.Micro(totals),
            MacroAccuracy = Accuracy.Macro(totals),
            MacroPrecision = Precision.Macro(totals),
            MacroF1 = F1Score.Macro(totals),
            WeightedF1 = F1Score.Weighted(totals),
            TopKAccuracy = ImmutableArray.Create(state.TopK.ToArray()),
            MatthewsCorrelation = MatthewsCorrelation.Compute(totals),
            CohenKappa = CohenKappa.Compute(totals),
            MacroRocAuc = areas is null ? null : RocAuc.Macro(areas),
            MeanConfidence = headline.Calibration.MeanConfidence,
            ExpectedCalibrationError = headline.Calibration.ExpectedError,
            MaximumCalibrationError = headline.Calibration.MaximumError,
            ClasswiseCalibrationError = state.Classwise.ExpectedError,
            AdaptiveCalibrationError = options.AdaptiveCalibration
                ? AdaptiveCalibrationError.Compute(state.Rows!.Outcomes.Span, options.CalibrationBins.Count) : null,
            CalibrationBins = options.CalibrationBins,
            Reliability = ImmutableArray.Create(headline.Calibration.ToBins(options.IntervalLevel)),
            RiskCoverage = ImmutableArray.Create(headline.RiskCoverage.ToPoints()),
            RiskCoverageArea = headline.RiskCoverage.Area,
            Confusion = state.Confusion?.ToTable(),
            Classes = [.. classNames.Select((name, index) => OfClass(name, index, areas?[index], options, state))],
            ConfidentMistakes = ImmutableArray.Create(state.Mistakes.ToArray()),
            ConfidenceLevel = options.IntervalLevel,
            IntervalMethod = HeadlineIntervals.Method(options),
            Intervals = HeadlineIntervals.Of(headline, state.Rows, options),
            Rows = options.KeepRows ? state.Rows : null,
        };
    }

    private static ClassMetrics OfClass(string name, int index, double? rocAuc, ProbabilityEvaluationOptions options, EvaluationState state)
    {
        var totals = state.Headline.Totals;
        var recall = Recall.OfClass(totals, index);
        var effectiveRows = totals.Labelled(index) * (totals.EffectiveRowCount / totals.Weight);
        return new ClassMetrics
        {
            Index = index,
            Name = name,
            Weight = totals.Labelled(index),
            PredictedWeight = totals.Predicted(index),
            Recall = recall,
            RecallInterval = WilsonInterval.Compute(recall, effectiveRows, options.IntervalLevel),
            Precision = Precision.OfClass(totals, index),
            F1 = F1Score.OfClass(totals, index),
            LogLoss = state.Headline.LogLoss.OfClass(index),
            CalibrationError = state.Classwise.ErrorOfClass(index),
            RocAuc = rocAuc,
            Reliability = ImmutableArray.Create(state.Classwise.ToBins(index, options.IntervalLevel)),
        };
    }
}

using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>
/// What a multiclass model's probabilities are worth: how often it is right, whether it knows when it is, and what it gets wrong. Cannot be
/// changed. Made by <c>mlContext.MulticlassClassification.EvaluateProbabilities</c> or a <see cref="ProbabilityEvaluator"/>.
/// </summary>
/// <remarks>Shares lie from 0 to 1, losses are in nats; a figure for which there is nothing to go by is NaN.</remarks>
public sealed partial class ProbabilityMetrics
{
    internal ProbabilityMetrics()
    {
    }

    /// <summary>The name of each class.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The number of classes.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The number of rows that the figures are computed from.</summary>
    public required long RowsUsed { get; init; }

    /// <summary>The rows that could not be used, by reason.</summary>
    public required RowsLeftOut RowsLeftOut { get; init; }

    /// <summary>The sum of the sample weights; <see cref="RowsUsed"/> where there are none.</summary>
    public required double TotalWeight { get; init; }

    /// <summary>Whether rows count by a sample weight.</summary>
    public required bool IsWeighted { get; init; }

    /// <summary>The mean of -ln(probability given to the true class). 0 is perfect.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The loss of always answering with the classes' own frequencies: what a useful model stays below.</summary>
    public required double PriorLogLoss { get; init; }

    /// <summary>The share of <see cref="PriorLogLoss"/> that the model takes away. 1 is perfect, 0 is useless, negative is worse.</summary>
    public required double LogLossReduction { get; init; }

    /// <summary>
    /// Rows whose true class was given probability 0; each counts with a loss of 87.3, where the definition says infinity.
    /// </summary>
    public required long ImpossibleRows { get; init; }

    /// <summary>The mean over rows of the sum over classes of the squared error of the probabilities. 0 is perfect, 2 the worst.</summary>
    public required double BrierScore { get; init; }

    /// <summary>The share of rows whose most probable class is the true one.</summary>
    public required double MicroAccuracy { get; init; }

    /// <summary>The mean of the classes' recalls over the classes that have rows (balanced accuracy).</summary>
    public required double MacroAccuracy { get; init; }

    /// <summary>The mean of the classes' precisions.</summary>
    public required double MacroPrecision { get; init; }

    /// <summary>The mean of the classes' F1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>The mean of the classes' F1, weighted by their rows.</summary>
    public required double WeightedF1 { get; init; }

    /// <summary>The share of rows whose true class is among the k most probable, for k = 1 (at index 0) to the number of classes.</summary>
    public required IReadOnlyList<double> TopKAccuracy { get; init; }

    /// <summary>The correlation of true and given classes, from -1 to 1; 0 is chance.</summary>
    public required double MatthewsCorrelation { get; init; }

    /// <summary>How much of the agreement that chance leaves open is reached; 1 is perfect, 0 is chance.</summary>
    public required double CohenKappa { get; init; }

    /// <summary>The mean of the classes' areas under the ROC curve against the rest; null where it was left out.</summary>
    public double? MacroRocAuc { get; init; }

    /// <summary>The mean probability of the class given: above <see cref="MicroAccuracy"/>, the model claims too much.</summary>
    public required double MeanConfidence { get; init; }

    /// <summary>The mean gap between confidence and accuracy over the bins of <see cref="Reliability"/> (ECE).</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>The widest gap of any bin of <see cref="Reliability"/> (MCE).</summary>
    public required double MaximumCalibrationError { get; init; }

    /// <summary>The expected calibration error of each class's probability, averaged over the classes.</summary>
    public required double ClasswiseCalibrationError { get; init; }

    /// <summary>The expected calibration error over bins of equally many rows; null where it was left out.</summary>
    public double? AdaptiveCalibrationError { get; init; }

    /// <summary>The bins that the calibration errors rest on.</summary>
    public required BinLayout CalibrationBins { get; init; }

    /// <summary>The bins of the reliability diagram of the given class's probability, by rising probability, empty ones included.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>How the risk falls when the model may decline, from the most confident rows to all; exact at each point.</summary>
    public required IReadOnlyList<RiskCoveragePoint> RiskCoverage { get; init; }

    /// <summary>
    /// The mean risk over all coverages. 0 is perfect; 1 - <see cref="MicroAccuracy"/> is a confidence that says nothing.
    /// </summary>
    public required double RiskCoverageArea { get; init; }

    /// <summary>
    /// How much weight of each true class was given each class; null where there are more classes than the options allow.
    /// </summary>
    public required ConfusionTable? Confusion { get; init; }

    /// <summary>One entry a class.</summary>
    public required IReadOnlyList<ClassMetrics> Classes { get; init; }

    /// <summary>The wrong answers that the model was surest of, by falling confidence.</summary>
    public required IReadOnlyList<ConfidentMistake> ConfidentMistakes { get; init; }

    /// <summary>The confidence level of all intervals.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>
    /// How the intervals of <see cref="IntervalOf"/> were computed: "standard error" or "bootstrap, 1000 resamples, seed 1".
    /// </summary>
    public required string IntervalMethod { get; init; }

    internal ConfidenceInterval?[] Intervals { get; init; } = [];

    internal KeptRows? Rows { get; init; }

    /// <summary>The interval of a headline metric.</summary>
    /// <param name="metric">Which.</param>
    /// <returns>
    /// The interval. Without a bootstrap only log-loss, Brier score and the two accuracies have one; null for the others.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public ConfidenceInterval? IntervalOf(HeadlineMetric metric) => Enum.IsDefined(metric)
        ? Intervals[(int)metric]
        : throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric.");

    /// <summary>A headline metric by name.</summary>
    /// <param name="metric">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public double this[HeadlineMetric metric] => metric switch
    {
        HeadlineMetric.LogLoss => LogLoss,
        HeadlineMetric.LogLossReduction => LogLossReduction,
        HeadlineMetric.BrierScore => BrierScore,
        HeadlineMetric.MicroAccuracy => MicroAccuracy,
        HeadlineMetric.MacroAccuracy => MacroAccuracy,
        HeadlineMetric.MacroPrecision => MacroPrecision,
        HeadlineMetric.MacroF1 => MacroF1,
        HeadlineMetric.MatthewsCorrelation => MatthewsCorrelation,
        HeadlineMetric.CohenKappa => CohenKappa,
        HeadlineMetric.ExpectedCalibrationError => ExpectedCalibrationError,
        HeadlineMetric.MaximumCalibrationError => MaximumCalibrationError,
        HeadlineMetric.RiskCoverageArea => RiskCoverageArea,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric."),
    };
}

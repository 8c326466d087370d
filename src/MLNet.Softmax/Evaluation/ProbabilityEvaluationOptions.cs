using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax;

/// <summary>
/// What an evaluation of probabilities computes. The defaults compute everything but the bootstrap; <see cref="Streaming"/> leaves out all
/// that needs more memory the more rows there are.
/// </summary>
public sealed record ProbabilityEvaluationOptions
{
    private readonly BinLayout _calibrationBins = BinLayout.Default;
    private readonly int _confidentMistakes = 20;
    private readonly int _largestConfusionMatrix = 1000;
    private readonly double _confidenceLevel = 0.95;
    private readonly int _maxDegreeOfParallelism = -1;

    /// <summary>
    /// Only what is computed in one pass and in memory that does not grow with the rows: no ROC AUC, no adaptive calibration error, no rows
    /// kept for comparing or bootstrapping. Change it with <c>ProbabilityEvaluationOptions.Streaming with { ... }</c>.
    /// </summary>
    public static ProbabilityEvaluationOptions Streaming { get; } = new() { RocAuc = false, AdaptiveCalibration = false, KeepRows = false };

    /// <summary>A column of Single that says what each row counts for; null, the default, where every row counts for one.</summary>
    public string? SampleWeightColumnName { get; init; }

    /// <summary>
    /// A column of text, such as a file name, that names the rows among the confident mistakes; null for their number alone.
    /// </summary>
    public string? RowNameColumnName { get; init; }

    /// <summary>The bins of the calibration errors and reliability diagrams; 15 bins (lower, upper] unless set.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public BinLayout CalibrationBins
    {
        get => _calibrationBins;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _calibrationBins = value;
        }
    }

    /// <summary>
    /// Whether to compute the ROC AUC of each class. Costs 4 bytes x (classes + 2) a row, 16 bytes a row and thread, and a sort per class:
    /// about 20 ns x classes a row.
    /// </summary>
    public bool RocAuc { get; init; } = true;

    /// <summary>
    /// Whether to compute the calibration error over bins of equal count. Costs 40 bytes a row during the evaluation, and a sort: about 30
    /// ns a row.
    /// </summary>
    public bool AdaptiveCalibration { get; init; } = true;

    /// <summary>
    /// Whether the result keeps what each row came to, 40 bytes a row, so that <see cref="ProbabilityMetrics.Compare"/> can tell which
    /// differences to another model are real.
    /// </summary>
    public bool KeepRows { get; init; } = true;

    /// <summary>
    /// Computes a bootstrap interval for every headline metric where set. Costs 40 bytes a row during the evaluation, and about 30 ns per
    /// row and resample, divided by the cores. Without it, loss, Brier score and accuracies have the intervals of their standard errors.
    /// </summary>
    public BootstrapOptions? Bootstrap { get; init; }

    /// <summary>How many of the most confident mistakes to list, at least 0; 20 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int ConfidentMistakes
    {
        get => _confidentMistakes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _confidentMistakes = value;
        }
    }

    /// <summary>
    /// The number of classes beyond which no confusion matrix is kept, up to 16,384; 1000 (8 MB per thread) unless set. No other figure
    /// needs it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 16,384.</exception>
    public int LargestConfusionMatrix
    {
        get => _largestConfusionMatrix;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 16_384);
            _largestConfusionMatrix = value;
        }
    }

    /// <summary>The confidence level of the intervals, between 0 and 1; 0.95 unless set. Where there is a bootstrap, its level counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double ConfidenceLevel
    {
        get => _confidenceLevel;
        init
        {
            if (!(value > 0 && value < 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "A confidence level lies between 0 and 1, as 0.95.");
            _confidenceLevel = value;
        }
    }

    /// <summary>How many threads read and compute; -1, the default, for all cores. No figure depends on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">0 or less than -1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        init
        {
            if (value is 0 or < -1)
                throw new ArgumentOutOfRangeException(nameof(value), value, "Expected -1 for all cores, or at least 1.");
            _maxDegreeOfParallelism = value;
        }
    }

    /// <summary>The level of every interval.</summary>
    internal double IntervalLevel => Bootstrap?.Level ?? ConfidenceLevel;

    /// <summary>Whether outcomes have to be collected while reading.</summary>
    internal bool CollectsRows => KeepRows || AdaptiveCalibration || Bootstrap is not null;
}

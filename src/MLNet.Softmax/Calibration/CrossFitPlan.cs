using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Calibration;

/// <summary>How the rows are divided, and which columns hold the label and the scores.</summary>
internal sealed record CrossFitPlan
{
    public CrossFitPlan(int folds, string labelColumnName, string scoreColumnName, string? samplingKeyColumnName, int seed)
    {
        if (folds < 2)
            throw new ArgumentOutOfRangeException(nameof(folds), folds, "Cross-fitting needs at least 2 folds.");
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        if (samplingKeyColumnName is not null) ArgumentException.ThrowIfNullOrEmpty(samplingKeyColumnName);
        (Folds, LabelColumnName, ScoreColumnName, SamplingKeyColumnName, Seed) = (folds, labelColumnName, scoreColumnName, samplingKeyColumnName, seed);
    }

    public int Folds { get; }

    public string LabelColumnName { get; }

    public string ScoreColumnName { get; }

    public string? SamplingKeyColumnName { get; }

    public int Seed { get; }
}

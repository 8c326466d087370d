using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>How well a model does on one class. Every share lies from 0 to 1, and is NaN where there is nothing to judge by.</summary>
public sealed record ClassMetrics
{
    /// <summary>The class, 0-based.</summary>
    public required int Index { get; init; }

    /// <summary>The name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>The weight of the rows that truly belong to the class; their number where there are no weights.</summary>
    public required double Weight { get; init; }

    /// <summary>The weight of the rows that were given the class.</summary>
    public required double PredictedWeight { get; init; }

    /// <summary>Of the rows that belong to the class, the share that was given it: the accuracy of the class.</summary>
    public required double Recall { get; init; }

    /// <summary>
    /// The Wilson interval of <see cref="Recall"/>; for weighted rows, of as many rows as the weights are worth on the whole.
    /// </summary>
    public required ConfidenceInterval RecallInterval { get; init; }

    /// <summary>Of the rows that were given the class, the share that belongs to it; 0 where none was given it.</summary>
    public required double Precision { get; init; }

    /// <summary>The harmonic mean of precision and recall.</summary>
    public required double F1 { get; init; }

    /// <summary>The mean of -ln(probability given to the class) over the rows that belong to it, in nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The expected calibration error of the class's probability over all rows.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>The area under the ROC curve of the class against the rest; null where it was left out.</summary>
    public double? RocAuc { get; init; }

    /// <summary>
    /// The bins of the reliability diagram of the class's probability over all rows, by rising probability, empty ones included.
    /// </summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }
}

using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Evaluation;

/// <summary>The metrics of one class. Shares are from 0 to 1, or NaN without rows to compute them from. Immutable.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class ClassMetrics
{
    internal ClassMetrics(string name, int index, double? rocAuc, double rowsPerWeight, double level, ProbabilityEvaluator source)
    {
        var metrics = source.Headline.Classification;
        Index = index;
        Name = name;
        Weight = metrics.LabelWeight(index);
        PredictedWeight = metrics.PredictedWeight(index);
        Recall = metrics.Recall(index);
        RecallInterval = ConfidenceInterval.OfShare(Recall, Weight * rowsPerWeight, level);
        Precision = metrics.Precision(index);
        F1 = metrics.F1(index);
        LogLoss = source.Headline.LogLoss.OfClass(index);
        CalibrationError = source.Classwise.ErrorOfClass(index);
        RocAuc = rocAuc;
        Reliability = ImmutableArray.Create(source.Classwise.ToBins(index, level));
    }

    /// <summary>The class, 0-based.</summary>
    public int Index { get; }

    /// <summary>The name of the class.</summary>
    public string Name { get; }

    /// <summary>The weight of the rows that truly belong to the class; their number if there are no weights.</summary>
    public double Weight { get; }

    /// <summary>The weight of the rows predicted as the class.</summary>
    public double PredictedWeight { get; }

    /// <summary>The share of the class's rows that are predicted as it: the accuracy of the class.</summary>
    public double Recall { get; }

    /// <summary>The Wilson interval of <see cref="Recall"/>; for weighted rows, from their effective number.</summary>
    public ConfidenceInterval RecallInterval { get; }

    /// <summary>The share of the rows predicted as the class that belong to it; 0 if no row is predicted as it.</summary>
    public double Precision { get; }

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 { get; }

    /// <summary>The mean of -ln(probability of the class) over the rows that belong to it, in nats.</summary>
    public double LogLoss { get; }

    /// <summary>The expected calibration error of the class's probability over all rows.</summary>
    public double CalibrationError { get; }

    /// <summary>The area under the ROC curve of the class against the rest; null if the options turn it off.</summary>
    public double? RocAuc { get; }

    /// <summary>
    /// The bins of the reliability diagram of the class's probability over all rows, by rising probability, including empty ones.
    /// </summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; }
}

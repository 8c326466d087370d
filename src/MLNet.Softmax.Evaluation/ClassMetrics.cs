using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Evaluation;

/// <summary>How good a model is on one class. Shares lie from 0 to 1, and are NaN if no row determines them. Cannot be changed.</summary>
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

    /// <summary>Of the rows that belong to the class, the share predicted as it: the accuracy of the class.</summary>
    public double Recall { get; }

    /// <summary>
    /// The Wilson interval of <see cref="Recall"/>; for weighted rows, of the effective number of rows.
    /// </summary>
    public ConfidenceInterval RecallInterval { get; }

    /// <summary>Of the rows predicted as the class, the share that belongs to it; 0 if none is predicted as it.</summary>
    public double Precision { get; }

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 { get; }

    /// <summary>The mean of -ln(probability of the class) over the rows that belong to it, in nats.</summary>
    public double LogLoss { get; }

    /// <summary>The expected calibration error of the class's probability over all rows.</summary>
    public double CalibrationError { get; }

    /// <summary>The area under the ROC curve of the class against the rest; null if the options leave it out.</summary>
    public double? RocAuc { get; }

    /// <summary>
    /// The bins of the reliability diagram of the class's probability over all rows, by rising probability, including empty ones.
    /// </summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; }
}

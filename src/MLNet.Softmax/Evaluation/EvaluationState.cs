using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax;

/// <summary>All accumulators of one evaluation, or of one thread's share of it.</summary>
internal sealed class EvaluationState(int classCount, ProbabilityEvaluationOptions options)
{
    public HeadlineMetrics Headline { get; } = new(classCount, options.CalibrationBins);

    public TopKAccuracy TopK { get; } = new(classCount);

    public ClasswiseCalibration Classwise { get; } = new(classCount, options.CalibrationBins);

    public ConfusionCounts? Confusion { get; } = classCount <= options.LargestConfusionMatrix ? new(classCount) : null;

    public RocAuc? RocAuc { get; } = options.RocAuc ? new(classCount) : null;

    public KeptRows? Rows { get; } = options.CollectsRows ? new() : null;

    public MistakeList Mistakes { get; } = new(options.ConfidentMistakes);

    public RowsLeftOut LeftOut { get; set; } = RowsLeftOut.None;

    public bool IsWeighted { get; private set; }

    public void Add(
        ProbabilityBlock block, ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids, ReadOnlySpan<ReadOnlyMemory<char>> names)
    {
        Headline.Add(outcomes);
        TopK.Add(outcomes);
        Confusion?.Add(outcomes);
        Mistakes.Add(outcomes, ids, names);
        Rows?.Add(outcomes, ids);
        Classwise.Add(block);
        RocAuc?.Add(block);
        IsWeighted |= !block.Weights.IsEmpty;
    }

    public void Merge(EvaluationState other)
    {
        Headline.Merge(other.Headline);
        TopK.Merge(other.TopK);
        Classwise.Merge(other.Classwise);
        if (other.Confusion is not null)
            Confusion?.Merge(other.Confusion);
        if (other.RocAuc is not null)
            RocAuc?.Merge(other.RocAuc);
        if (other.Rows is not null)
            Rows?.Merge(other.Rows);
        Mistakes.Merge(other.Mistakes);
        LeftOut = LeftOut.Plus(other.LeftOut);
        IsWeighted |= other.IsWeighted;
    }
}

using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// What a row of probabilities comes to, in 32 bytes for any number of classes. Every metric but the classwise calibration error and the
/// ROC AUC can be computed from these alone, once or, as in the bootstrap, a thousand times.
/// </summary>
/// <remarks>
/// A metric that is computed from outcomes has two internal methods: Add takes rows in any number of portions, and Merge takes over
/// everything that another instance of the same settings was given. However rows are divided, and in whatever order instances are merged,
/// the figures agree to within 1e-12. Instances are not safe for several threads: give each thread its own and merge.
/// </remarks>
/// <param name="Label">The true class, 0-based.</param>
/// <param name="Predicted">The most probable class; the lowest index of several that tie.</param>
/// <param name="Rank">How many classes come before the true one when sorted by falling probability, ties to the lower index; 0 if the
/// prediction is right.</param>
/// <param name="LabelProbability">The probability of the true class.</param>
/// <param name="TopProbability">The probability of the predicted class: the confidence of the row.</param>
/// <param name="Weight">What the row counts for; 1 if there are no weights.</param>
/// <param name="SquaredError">The sum over all classes of (probability - [class is the true one])^2, from 0 to 2.</param>
internal readonly record struct RowOutcome(
    int Label, int Predicted, int Rank, float LabelProbability, float TopProbability, float Weight, double SquaredError)
{
    /// <summary>The number of rows processed at a time: small enough to stay in the first-level cache.</summary>
    public const int BlockRows = 256;

    public bool IsCorrect => Label == Predicted;

    /// <summary>The weight of the row if the prediction is right, else 0.</summary>
    public float CorrectWeight => Label == Predicted ? Weight : 0f;

    /// <summary>The outcome of every row, in one sweep over each row.</summary>
    public static RowOutcome[] Of(ProbabilityBlock block)
    {
        var outcomes = new RowOutcome[block.RowCount];
        Compute(block, outcomes);
        return outcomes;
    }

    public static void Compute(ProbabilityBlock block, Span<RowOutcome> outcomes)
    {
        for (var row = 0; row < block.RowCount; row++)
            outcomes[row] = RowOutcomeKernel.Compute(block.Row(row), block.Labels[row], block.Weight(row));
    }

    /// <summary>Passes the outcomes of all rows to <paramref name="add"/>, a block at a time.</summary>
    public static void Feed(ProbabilityBlock block, Action<ReadOnlySpan<RowOutcome>> add)
    {
        var buffer = ArrayPool<RowOutcome>.Shared.Rent(BlockRows);
        for (var start = 0; start < block.RowCount; start += BlockRows)
        {
            var part = block.Slice(start, Math.Min(BlockRows, block.RowCount - start));
            Compute(part, buffer);
            add(buffer.AsSpan(0, part.RowCount));
        }

        ArrayPool<RowOutcome>.Shared.Return(buffer);
    }
}

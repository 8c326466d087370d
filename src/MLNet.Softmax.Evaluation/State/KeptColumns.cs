namespace MLNet.Softmax.Evaluation.State;

/// <summary>Rows that were kept, column after column, without the columns that follow from others.</summary>
internal static class KeptColumns
{
    public static void Transfer(StateTransfer state, Span<RowOutcome> outcomes, Span<ulong> ids, int classCount)
    {
        var (labels, predicted, ranks) = (new int[outcomes.Length], new int[outcomes.Length], new int[outcomes.Length]);
        var (labelProbabilities, topProbabilities) = (new float[outcomes.Length], new float[outcomes.Length]);
        var (weights, squaredErrors) = (new float[outcomes.Length], new double[outcomes.Length]);
        for (var row = 0; row < outcomes.Length; row++)
        {
            (labels[row], predicted[row], ranks[row], labelProbabilities[row], topProbabilities[row], weights[row], squaredErrors[row]) =
                outcomes[row];
        }

        state.Indices(labels, classCount);
        state.Indices(predicted, classCount);
        state.Indices(ranks, classCount);
        state.Probabilities(labelProbabilities);
        state.Probabilities(topProbabilities);
        state.Sums<double>(squaredErrors);
        if (state.Flag(weights.AsSpan().ContainsAnyExcept(1)))
            state.Weights(weights);
        else
            Array.Fill(weights, 1);
        Transfer(state, ids);
        for (var row = 0; row < outcomes.Length; row++)
        {
            outcomes[row] = new(
                labels[row], predicted[row], ranks[row], labelProbabilities[row], topProbabilities[row], weights[row], squaredErrors[row]);
        }
    }

    /// <summary>Ids that count up, as most do, take one number.</summary>
    private static void Transfer(StateTransfer state, Span<ulong> ids)
    {
        if (ids.IsEmpty)
            return;
        ids[0] = state.Number(ids[0]);
        if (state.Flag(!CountUp(ids)))
        {
            state.Numbers(ids);
            return;
        }

        for (var row = 1; row < ids.Length; row++)
            ids[row] = ids[0] + (ulong)row;
    }

    private static bool CountUp(ReadOnlySpan<ulong> ids)
    {
        for (var row = 1; row < ids.Length; row++)
        {
            if (ids[row] != ids[0] + (ulong)row)
                return false;
        }

        return true;
    }
}

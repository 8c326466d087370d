using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Turns rows of probabilities into their <see cref="RowOutcome"/>s, in one sweep over each row.</summary>
public static class RowOutcomes
{
    /// <summary>Rows that are worked on at a time: small enough to stay in the first-level cache.</summary>
    internal const int BlockRows = 256;

    /// <summary>Works out the outcome of every row.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="outcomes">Receives one outcome a row; at least <see cref="ProbabilityBlock.RowCount"/> long.</param>
    /// <exception cref="ArgumentException"><paramref name="outcomes"/> is too short.</exception>
    public static void Compute(ProbabilityBlock block, Span<RowOutcome> outcomes)
    {
        if (outcomes.Length < block.RowCount)
            throw new ArgumentException($"{block.RowCount} rows need as many outcomes, found room for {outcomes.Length}.", nameof(outcomes));

        for (var row = 0; row < block.RowCount; row++)
            outcomes[row] = RowOutcomeKernel.Compute(block.Row(row), block.Labels[row], block.Weight(row));
    }

    /// <summary>Feeds rows to an accumulator of outcomes, a cache-sized block at a time.</summary>
    /// <typeparam name="T">The kind of accumulator.</typeparam>
    /// <param name="accumulator">What to feed.</param>
    /// <param name="block">The rows.</param>
    /// <returns><paramref name="accumulator"/> itself.</returns>
    public static T Feed<T>(T accumulator, ProbabilityBlock block)
        where T : IOutcomeAccumulator<T>
    {
        var buffer = ArrayPool<RowOutcome>.Shared.Rent(BlockRows);
        try
        {
            for (var start = 0; start < block.RowCount; start += BlockRows)
            {
                var part = block.Slice(start, Math.Min(BlockRows, block.RowCount - start));
                Compute(part, buffer);
                accumulator.Add(buffer.AsSpan(0, part.RowCount));
            }
        }
        finally
        {
            ArrayPool<RowOutcome>.Shared.Return(buffer);
        }

        return accumulator;
    }
}

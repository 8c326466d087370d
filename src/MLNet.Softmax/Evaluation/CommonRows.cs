using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>The rows that two evaluations have in common, matched by id.</summary>
internal static class CommonRows
{
    public static (ReadOnlyMemory<RowOutcome> First, ReadOnlyMemory<RowOutcome> Second) Of(KeptRows first, KeptRows second)
    {
        CheckUnique(first.Ids);
        CheckUnique(second.Ids);
        if (first.Ids.SequenceEqual(second.Ids))
            return (first.Outcomes, second.Outcomes);

        // Both are in the order of their ids.
        var left = new List<RowOutcome>();
        var right = new List<RowOutcome>();
        for (int i = 0, j = 0; i < first.Count && j < second.Count;)
        {
            var order = first.Ids[i].CompareTo(second.Ids[j]);
            if (order == 0)
            {
                left.Add(first.Outcomes.Span[i]);
                right.Add(second.Outcomes.Span[j]);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        if (left.Count == 0)
            throw new ArgumentException("The two evaluations have no row in common. Evaluate both on the same data, in the same order.");
        return (left.ToArray(), right.ToArray());
    }

    private static void CheckUnique(ReadOnlySpan<ulong> ids)
    {
        for (var row = 1; row < ids.Length; row++)
        {
            if (ids[row] == ids[row - 1])
                throw new ArgumentException($"Rows cannot be matched: the id {ids[row]} stands for several rows of one evaluation.");
        }
    }
}

using MLNet.Softmax.Evaluation.State;

namespace MLNet.Softmax.Evaluation;

/// <summary>The outcome and id of every row, 40 bytes a row, in the order in which they were added.</summary>
internal sealed class KeptRows
{
    // Chunks that the garbage collector does not move.
    private const int MostRowsOfChunk = 4096;
    private const int LeastBytesOfRow = 3 + (2 * sizeof(float)) + sizeof(double);
    private readonly List<Chunk> _chunks = [];

    public long Count => _chunks.Sum(chunk => (long)chunk.Count);

    /// <summary>The outcomes, in parts.</summary>
    public IReadOnlyList<ReadOnlyMemory<RowOutcome>> Outcomes => [.. _chunks.Select(chunk => chunk.Outcomes.AsMemory(0, chunk.Count))];

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids)
    {
        while (!outcomes.IsEmpty)
        {
            if (_chunks is not [.., var last] || last.Count == last.Outcomes.Length)
            {
                // Start with small chunks, so that few rows take little memory.
                var rows = Math.Min(Math.Max(outcomes.Length, 2 * _chunks.LastOrDefault().Count), MostRowsOfChunk);
                last = new(GC.AllocateUninitializedArray<RowOutcome>(rows), GC.AllocateUninitializedArray<ulong>(rows), 0);
                _chunks.Add(last);
            }

            var count = Math.Min(outcomes.Length, last.Outcomes.Length - last.Count);
            outcomes[..count].CopyTo(last.Outcomes.AsSpan(last.Count));
            ids[..count].CopyTo(last.Ids.AsSpan(last.Count));
            _chunks[^1] = last with { Count = last.Count + count };
            outcomes = outcomes[count..];
            ids = ids[count..];
        }
    }

    public void Merge(KeptRows other) => _chunks.AddRange(other._chunks);

    /// <summary>A snapshot of the rows so far. Rows added later do not change it.</summary>
    public KeptRows Snapshot()
    {
        var snapshot = new KeptRows();
        snapshot.Merge(this);
        return snapshot;
    }

    /// <summary>All rows by rising ids.</summary>
    public (ulong[] Ids, RowOutcome[] Outcomes) Sorted()
    {
        var (ids, outcomes) = Gathered();
        for (var row = 1; row < ids.Length; row++)
        {
            if (ids[row] >= ids[row - 1])
                continue;
            Array.Sort(ids, outcomes);
            break;
        }

        return (ids, outcomes);
    }

    /// <summary>
    /// All outcomes in an order that depends on nothing but them, so that a bootstrap draws the same, however they were added.
    /// </summary>
    public RowOutcome[] SortedOutcomes()
    {
        var (_, outcomes) = Gathered();
        Array.Sort(outcomes, static (first, second) =>
        {
            var order = first.TopProbability.CompareTo(second.TopProbability);
            if (order == 0)
                order = first.LabelProbability.CompareTo(second.LabelProbability);
            return order != 0 ? order
                : (first.Label, first.Predicted, first.Rank, first.Weight, first.SquaredError)
                    .CompareTo((second.Label, second.Predicted, second.Rank, second.Weight, second.SquaredError));
        });
        return outcomes;
    }

    /// <summary>
    /// Writes or reads all rows: 19 bytes each with up to 256 classes, 8 more where the ids do not count up, and 4 where weights are not 1.
    /// </summary>
    public void Transfer(StateTransfer state, int classCount)
    {
        var chunkCount = state.Length(_chunks.Count, sizeof(int));
        for (var index = 0; index < chunkCount; index++)
        {
            var count = state.Length(state.IsReading ? 0 : _chunks[index].Count, LeastBytesOfRow);
            if (state.IsReading)
                _chunks.Add(new(new RowOutcome[count], new ulong[count], count));
            KeptColumns.Transfer(
                state, _chunks[index].Outcomes.AsSpan(0, count), _chunks[index].Ids.AsSpan(0, count), classCount);
        }
    }

    /// <summary>The rows that two evaluations have in common, matched by id.</summary>
    public static (RowOutcome[] First, RowOutcome[] Second) InCommon(KeptRows first, KeptRows second)
    {
        var (firstIds, firstOutcomes) = first.Sorted();
        var (secondIds, secondOutcomes) = second.Sorted();
        CheckUnique(firstIds);
        CheckUnique(secondIds);
        if (firstIds.AsSpan().SequenceEqual(secondIds))
            return (firstOutcomes, secondOutcomes);

        var left = new List<RowOutcome>();
        var right = new List<RowOutcome>();
        for (int i = 0, j = 0; i < firstIds.Length && j < secondIds.Length;)
        {
            var order = firstIds[i].CompareTo(secondIds[j]);
            if (order == 0)
            {
                left.Add(firstOutcomes[i]);
                right.Add(secondOutcomes[j]);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        if (left.Count == 0)
            throw new ArgumentException("The two evaluations have no row in common. Evaluate both on the same data, in the same order.");
        return ([.. left], [.. right]);
    }

    private (ulong[] Ids, RowOutcome[] Outcomes) Gathered()
    {
        var count = checked((int)Count);
        var (ids, outcomes, next) = (new ulong[count], new RowOutcome[count], 0);
        foreach (var chunk in _chunks)
        {
            chunk.Ids.AsSpan(0, chunk.Count).CopyTo(ids.AsSpan(next));
            chunk.Outcomes.AsSpan(0, chunk.Count).CopyTo(outcomes.AsSpan(next));
            next += chunk.Count;
        }

        return (ids, outcomes);
    }

    private static void CheckUnique(ReadOnlySpan<ulong> ids)
    {
        for (var row = 1; row < ids.Length; row++)
        {
            if (ids[row] == ids[row - 1])
                throw new ArgumentException($"Rows cannot be matched: the id {ids[row]} stands for several rows of one evaluation.");
        }
    }

    private readonly record struct Chunk(RowOutcome[] Outcomes, ulong[] Ids, int Count);
}

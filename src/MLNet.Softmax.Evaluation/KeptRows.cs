using MLNet.Softmax.Evaluation.State;

namespace MLNet.Softmax.Evaluation;

/// <summary>The outcome and id of every row, 23 bytes a row for up to 256 classes, in the order in which they were added.</summary>
internal sealed class KeptRows(int classCount)
{
    // Chunks that the garbage collector does not move.
    private const int MostRowsOfChunk = 1 << 15;
    private const int LeastBytesOfRow = 3 + (2 * sizeof(float)) + sizeof(double);
    private readonly List<Chunk> _chunks = [];

    public long Count => _chunks.Sum(chunk => (long)chunk.Count);

    /// <summary>The confidences, in parts.</summary>
    public IReadOnlyList<ReadOnlyMemory<RowConfidence>> Confidences =>
        [.. _chunks.Select(chunk => chunk.Outcomes.Confidences.AsMemory(0, chunk.Count))];

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids)
    {
        while (!outcomes.IsEmpty)
        {
            if (_chunks is not [.., { FreeRows: > 0 }])
            {
                // Start with small chunks, so that few rows take little memory.
                var rows = Math.Max(outcomes.Length, 2 * (_chunks is [.., var last] ? last.Count : 0));
                _chunks.Add(new(new(classCount, Math.Min(rows, MostRowsOfChunk))));
            }

            var count = Math.Min(outcomes.Length, _chunks[^1].FreeRows);
            _chunks[^1] = _chunks[^1].With(outcomes[..count], ids[..count]);
            outcomes = outcomes[count..];
            ids = ids[count..];
        }
    }

    public void Merge(KeptRows other) => _chunks.AddRange(other._chunks);

    /// <summary>A snapshot of the rows so far. Rows added later do not change it.</summary>
    public KeptRows Snapshot()
    {
        var snapshot = new KeptRows(classCount);
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
    public void Transfer(StateTransfer state)
    {
        var chunkCount = state.Length(_chunks.Count, sizeof(int));
        for (var index = 0; index < chunkCount; index++)
        {
            var count = state.Length(state.IsReading ? 0 : _chunks[index].Count, LeastBytesOfRow);
            var (outcomes, ids) = (new RowOutcome[count], new ulong[count]);
            if (!state.IsReading)
                _chunks[index].CopyTo(outcomes, ids);
            KeptColumns.Transfer(state, outcomes, ids, classCount);
            if (state.IsReading)
                _chunks.Add(new Chunk(new(classCount, count)).With(outcomes, ids));
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
            chunk.CopyTo(outcomes.AsSpan(next), ids.AsSpan(next));
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

    /// <summary>Rows. Adding some gives a new chunk that shares the memory; the old one still has the rows from before.</summary>
    private readonly record struct Chunk(PackedOutcomes Outcomes, int Count, IdRun[] Runs, int RunCount)
    {
        public Chunk(PackedOutcomes outcomes)
            : this(outcomes, 0, [], 0)
        {
        }

        public int FreeRows => Outcomes.Capacity - Count;

        public Chunk With(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids)
        {
            Outcomes.Write(Count, outcomes);
            var (runs, runCount) = (Runs, RunCount);
            for (var row = 0; row < ids.Length; row++)
            {
                if (runCount > 0 && runs[runCount - 1].IdOf(Count + row) == ids[row])
                    continue;
                if (runCount == runs.Length)
                    Array.Resize(ref runs, Math.Max(4, 2 * runCount));
                runs[runCount++] = new(Count + row, ids[row]);
            }

            return new(Outcomes, Count + outcomes.Length, runs, runCount);
        }

        public void CopyTo(Span<RowOutcome> outcomes, Span<ulong> ids)
        {
            Outcomes.CopyTo(outcomes[..Count]);
            for (int row = 0, run = 0; row < Count; row++)
            {
                if (run + 1 < RunCount && Runs[run + 1].Row == row)
                    run++;
                ids[row] = Runs[run].IdOf(row);
            }
        }
    }

    /// <summary>Rows whose ids count up, as most do. The run ends where the next begins.</summary>
    private readonly record struct IdRun(int Row, ulong Id)
    {
        public ulong IdOf(int row) => Id + (ulong)(row - Row);
    }
}

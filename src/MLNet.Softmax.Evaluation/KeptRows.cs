namespace MLNet.Softmax.Evaluation;

/// <summary>
/// The outcome of every row with its id, 40 bytes a row.
/// </summary>
internal sealed class KeptRows
{
    private RowOutcome[] _outcomes = [];
    private ulong[] _ids = [];
    private bool _isSorted = true;

    public int Count { get; private set; }

    public ReadOnlyMemory<RowOutcome> Outcomes => _outcomes.AsMemory(0, Count);

    public ReadOnlySpan<ulong> Ids => _ids.AsSpan(0, Count);

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids)
    {
        var first = Count;
        Reserve(checked(Count + outcomes.Length));
        outcomes.CopyTo(_outcomes.AsSpan(Count));
        ids.CopyTo(_ids.AsSpan(Count));
        Count += outcomes.Length;
        for (var row = Math.Max(1, first); row < Count && _isSorted; row++)
            _isSorted = _ids[row - 1] <= _ids[row];
    }

    /// <summary>
    /// Takes in the rows of another cursor. Each cursor gives rising ids as a rule, so that this is a merge of two sorted lists.
    /// </summary>
    public void Merge(KeptRows other)
    {
        if (!_isSorted || !other._isSorted || Count == 0)
        {
            Add(other.Outcomes.Span, other.Ids);
            return;
        }

        var outcomes = new RowOutcome[checked(Count + other.Count)];
        var ids = new ulong[outcomes.Length];
        for (int row = 0, mine = 0, theirs = 0; row < ids.Length; row++)
        {
            var takeMine = theirs == other.Count || (mine < Count && _ids[mine] <= other._ids[theirs]);
            ids[row] = takeMine ? _ids[mine] : other._ids[theirs];
            outcomes[row] = takeMine ? _outcomes[mine++] : other._outcomes[theirs++];
        }

        (_outcomes, _ids, Count) = (outcomes, ids, ids.Length);
    }

    /// <summary>The rows so far in the order of their ids; rows that are added here later do not change them.</summary>
    public KeptRows Sorted()
    {
        var sorted = (KeptRows)MemberwiseClone();
        if (_isSorted)
            return sorted;
        int[] order = [.. Enumerable.Range(0, Count)];
        sorted._ids = [.. Ids];
        Array.Sort(sorted._ids, order);
        sorted._outcomes = Array.ConvertAll(order, row => _outcomes[row]);
        sorted._isSorted = true;
        return sorted;
    }

    /// <summary>The rows that two evaluations have in common, matched by id.</summary>
    public static (ReadOnlyMemory<RowOutcome> First, ReadOnlyMemory<RowOutcome> Second) InCommon(KeptRows first, KeptRows second)
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

    private void Reserve(int count)
    {
        if (count <= _outcomes.Length)
            return;
        var capacity = (int)Math.Min(Array.MaxLength, Math.Max(count, Math.Max(1024L, _outcomes.Length * 2L)));
        Array.Resize(ref _outcomes, capacity);
        Array.Resize(ref _ids, capacity);
    }
}

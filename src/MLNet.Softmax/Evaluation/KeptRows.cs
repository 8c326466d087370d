using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>
/// What every row came to, with its id, 40 bytes a row; in the order of the ids once finished, however many threads read them.
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

    /// <summary>Puts the rows in the order of their ids.</summary>
    public void Finish()
    {
        if (_isSorted)
            return;
        var order = new int[Count];
        for (var row = 0; row < order.Length; row++)
            order[row] = row;
        Array.Sort(_ids, order, 0, Count);
        _outcomes = Array.ConvertAll(order, row => _outcomes[row]);
        _isSorted = true;
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

using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>What every row came to, with its id, 40 bytes a row; in the order of the ids once finished, however many threads read them.</summary>
internal sealed class KeptRows
{
    private RowOutcome[] _outcomes = [];
    private ulong[] _ids = [];

    public int Count { get; private set; }

    public ReadOnlyMemory<RowOutcome> Outcomes => _outcomes.AsMemory(0, Count);

    public ReadOnlySpan<ulong> Ids => _ids.AsSpan(0, Count);

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids)
    {
        Reserve(checked(Count + outcomes.Length));
        outcomes.CopyTo(_outcomes.AsSpan(Count));
        ids.CopyTo(_ids.AsSpan(Count));
        Count += outcomes.Length;
    }

    public void Merge(KeptRows other) => Add(other.Outcomes.Span, other.Ids);

    /// <summary>Puts the rows in the order of their ids, rows of one id in the order they came.</summary>
    public void Finish()
    {
        var sorted = true;
        for (var row = 1; row < Count && sorted; row++)
            sorted = _ids[row - 1] <= _ids[row];
        if (sorted)
            return;

        var order = new int[Count];
        for (var row = 0; row < order.Length; row++)
            order[row] = row;
        Array.Sort(order, (first, second) =>
        {
            var byId = _ids[first].CompareTo(_ids[second]);
            return byId != 0 ? byId : first.CompareTo(second);
        });
        _outcomes = Array.ConvertAll(order, row => _outcomes[row]);
        _ids = Array.ConvertAll(order, row => _ids[row]);
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

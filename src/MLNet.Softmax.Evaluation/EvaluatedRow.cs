using System.Text;

namespace MLNet.Softmax.Evaluation;

/// <summary>A row that is worth looking at, with its predicted and its true class.</summary>
/// <param name="RowId">The row's number: the low 64 bits of the id from ML.NET's cursor, 0-based for most sources.</param>
/// <param name="RowName">The row's name, if a column of names was given.</param>
/// <param name="Label">The true class, 0-based.</param>
/// <param name="Predicted">The predicted class, 0-based.</param>
/// <param name="Confidence">The probability of the predicted class.</param>
/// <param name="LabelProbability">The probability of the true class.</param>
public sealed record EvaluatedRow(ulong RowId, string? RowName, int Label, int Predicted, float Confidence, float LabelProbability)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"RowId = {RowId}, RowName = {RowName}, Label = {Label}, Predicted = {Predicted}, "
            + $"Confidence = {Confidence}, LabelProbability = {LabelProbability}");
        return true;
    }
}

/// <summary>
/// The most confident wrong answers so far, or the least confident of all answers. At equal confidence, the lower row ids come first, then
/// the lower names, so that the reading order has no effect.
/// </summary>
internal sealed class NotableRows
{
    private readonly int _capacity;
    private readonly bool _isOfMistakes;
    private readonly PriorityQueue<EvaluatedRow, EvaluatedRow> _leastFirst;

    // Rows below this interest can no longer enter the list.
    private float _threshold;

    public NotableRows(int capacity, bool isOfMistakes)
    {
        (_capacity, _isOfMistakes) = (capacity, isOfMistakes);
        _leastFirst = new(Comparer<EvaluatedRow>.Create((first, second) => -Order(first, second)));
        _threshold = capacity == 0 ? float.PositiveInfinity : float.NegativeInfinity;
    }

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids, ReadOnlySpan<ReadOnlyMemory<char>> names)
    {
        for (var row = 0; row < outcomes.Length; row++)
        {
            ref readonly var outcome = ref outcomes[row];
            // Test the threshold first: once the list is full, this branch nearly always goes the same way.
            if (Interest(outcome.TopProbability) < _threshold || (_isOfMistakes && outcome.IsCorrect))
                continue;
            var name = names.IsEmpty ? null : names[row].ToString();
            Add(new EvaluatedRow(ids[row], name, outcome.Label, outcome.Predicted, outcome.TopProbability, outcome.LabelProbability));
        }
    }

    public void Merge(NotableRows other)
    {
        foreach (var (row, _) in other._leastFirst.UnorderedItems)
            Add(row);
    }

    public void Transfer(StateTransfer state, int classCount)
    {
        var rows = ToArray();
        var count = state.Length(rows.Length, sizeof(ulong));
        for (var index = 0; index < count; index++)
        {
            var row = Transfer(state, state.IsReading ? new(0, null, 0, 0, 0, 0) : rows[index], classCount);
            if (state.IsReading)
                Add(row);
        }
    }

    public EvaluatedRow[] ToArray()
    {
        EvaluatedRow[] rows = [.. _leastFirst.UnorderedItems.Select(entry => entry.Element)];
        Array.Sort(rows, Order);
        return rows;
    }

    private static EvaluatedRow Transfer(StateTransfer state, EvaluatedRow row, int classCount)
    {
        var id = state.Number(row.RowId);
        var name = state.Flag(row.RowName is not null) ? state.Text(row.RowName ?? "") : null;
        int[] classes = [row.Label, row.Predicted];
        state.Indices(classes, classCount);
        float[] probabilities = [row.Confidence, row.LabelProbability];
        state.Probabilities(probabilities);
        return new(id, name, classes[0], classes[1], probabilities[0], probabilities[1]);
    }

    private float Interest(float confidence) => _isOfMistakes ? confidence : -confidence;

    /// <summary>Compares two rows: the more interesting one first.</summary>
    private int Order(EvaluatedRow first, EvaluatedRow second)
    {
        var order = Interest(second.Confidence).CompareTo(Interest(first.Confidence));
        if (order == 0)
            order = first.RowId.CompareTo(second.RowId);
        if (order == 0)
            order = string.CompareOrdinal(first.RowName, second.RowName);
        return order != 0 ? order
            : (first.Label, first.Predicted, first.LabelProbability).CompareTo((second.Label, second.Predicted, second.LabelProbability));
    }

    private void Add(EvaluatedRow row)
    {
        if (_capacity == 0)
            return;
        _leastFirst.Enqueue(row, row);
        if (_leastFirst.Count > _capacity)
            _leastFirst.Dequeue();
        if (_leastFirst.Count == _capacity)
            _threshold = Interest(_leastFirst.Peek().Confidence);
    }
}

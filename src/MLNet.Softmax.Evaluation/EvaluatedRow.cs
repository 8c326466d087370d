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
/// The most confident wrong answers so far, or the least confident of all answers; at equal confidence, those with the lower row ids, so
/// that the reading order has no effect.
/// </summary>
internal sealed class NotableRows(int capacity, bool isOfMistakes)
{
    private readonly PriorityQueue<EvaluatedRow, (float Interest, ulong RowId)> _leastFirst =
        new(Comparer<(float Interest, ulong RowId)>.Create((first, second) =>
        {
            var byInterest = first.Interest.CompareTo(second.Interest);
            return byInterest != 0 ? byInterest : second.RowId.CompareTo(first.RowId);
        }));

    // Rows below this interest can no longer enter the list.
    private float _threshold = capacity == 0 ? float.PositiveInfinity : float.NegativeInfinity;

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids, ReadOnlySpan<ReadOnlyMemory<char>> names)
    {
        for (var row = 0; row < outcomes.Length; row++)
        {
            ref readonly var outcome = ref outcomes[row];
            // Test the threshold first: once the list is full, this branch nearly always goes the same way.
            if (Interest(outcome.TopProbability) < _threshold || (isOfMistakes && outcome.IsCorrect))
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

    public EvaluatedRow[] ToArray() => [.. _leastFirst.UnorderedItems.Select(entry => entry.Element)
        .OrderByDescending(row => Interest(row.Confidence)).ThenBy(row => row.RowId)];

    private float Interest(float confidence) => isOfMistakes ? confidence : -confidence;

    private void Add(EvaluatedRow row)
    {
        if (capacity == 0)
            return;
        _leastFirst.Enqueue(row, (Interest(row.Confidence), row.RowId));
        if (_leastFirst.Count > capacity)
            _leastFirst.Dequeue();
        if (_leastFirst.Count == capacity)
            _threshold = Interest(_leastFirst.Peek().Confidence);
    }
}

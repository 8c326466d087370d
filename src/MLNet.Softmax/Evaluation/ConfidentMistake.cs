using System.Text;

namespace MLNet.Softmax.Evaluation;

/// <summary>A row that the model got wrong with high confidence.</summary>
/// <param name="RowId">The row's number: what ML.NET's cursors give as its id (the low 64 bits), 0-based for most sources.</param>
/// <param name="RowName">The row's name, if a column of names was given.</param>
/// <param name="Label">The true class, 0-based.</param>
/// <param name="Predicted">The predicted class, 0-based.</param>
/// <param name="Confidence">The probability of the predicted class.</param>
/// <param name="LabelProbability">The probability of the true class.</param>
public sealed record ConfidentMistake(ulong RowId, string? RowName, int Label, int Predicted, float Confidence, float LabelProbability)
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
/// The most confident wrong answers so far; of equal confidence, those of the lower row ids, so that no order of reading shows.
/// </summary>
internal sealed class MistakeList(int capacity)
{
    private readonly PriorityQueue<ConfidentMistake, (float Confidence, ulong RowId)> _leastFirst =
        new(Comparer<(float Confidence, ulong RowId)>.Create((first, second) =>
        {
            var byConfidence = first.Confidence.CompareTo(second.Confidence);
            return byConfidence != 0 ? byConfidence : second.RowId.CompareTo(first.RowId);
        }));

    // Nothing below this confidence can enter any more.
    private float _threshold = capacity == 0 ? float.PositiveInfinity : float.NegativeInfinity;

    public void Add(ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<ulong> ids, ReadOnlySpan<ReadOnlyMemory<char>> names)
    {
        for (var row = 0; row < outcomes.Length; row++)
        {
            ref readonly var outcome = ref outcomes[row];
            // The threshold first: once the list is full, that test goes the same way nearly always.
            if (outcome.TopProbability < _threshold || outcome.IsCorrect)
                continue;
            var name = names.IsEmpty ? null : names[row].ToString();
            Add(new ConfidentMistake(ids[row], name, outcome.Label, outcome.Predicted, outcome.TopProbability, outcome.LabelProbability));
        }
    }

    public void Merge(MistakeList other)
    {
        foreach (var (mistake, _) in other._leastFirst.UnorderedItems)
            Add(mistake);
    }

    public ConfidentMistake[] ToArray() => [.. _leastFirst.UnorderedItems.Select(entry => entry.Element)
        .OrderByDescending(mistake => mistake.Confidence).ThenBy(mistake => mistake.RowId)];

    private void Add(ConfidentMistake mistake)
    {
        if (capacity == 0)
            return;
        _leastFirst.Enqueue(mistake, (mistake.Confidence, mistake.RowId));
        if (_leastFirst.Count > capacity)
            _leastFirst.Dequeue();
        if (_leastFirst.Count == capacity)
            _threshold = _leastFirst.Peek().Confidence;
    }
}

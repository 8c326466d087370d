using System.Numerics.Tensors;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool;

/// <summary>What the values of all rows say about the scores: of which kind they are, and which columns may not be classes.</summary>
/// <param name="layout">The layout of the first file.</param>
internal sealed class ScoreCheck(ScoreLayout layout)
{
    private readonly bool[] _isLabel = new bool[layout.ClassCount];
    private readonly bool[] _hasFraction = new bool[layout.ClassCount];
    private ProbabilityRowKind? _kind;
    private bool _areAllDistributions = true;

    public bool ArePercentages => _kind == ProbabilityRowKind.Percentages;

    /// <summary>The names of the classes that no label had.</summary>
    public IEnumerable<string> WithoutRows => layout.ClassNames.Where((_, index) => !_isLabel[index]);

    public void AddLabel(int label) => _isLabel[label] = true;

    /// <summary>Remembers which columns do not hold whole numbers only.</summary>
    public void LookForFractions(ReadOnlySpan<float> scores)
    {
        for (var index = 0; index < scores.Length && !layout.AreCertain; index++)
            _hasFraction[index] |= scores[index] != MathF.Round(scores[index]);
    }

    /// <summary>Checks that all rows are probabilities, or that all are percentages, which it divides by their sum.</summary>
    /// <param name="scores">The finite scores of a row.</param>
    /// <param name="table">The table of the row, which an error names.</param>
    /// <param name="current">The layout of this table.</param>
    public void CheckKind(Span<float> scores, Table table, ScoreLayout current)
    {
        if (layout.AreLogits && !_areAllDistributions)
            return;
        var kind = ProbabilityRow.Examine(scores);
        _areAllDistributions &= kind is ProbabilityRowKind.Probabilities or ProbabilityRowKind.Percentages;
        if (layout.AreLogits)
            return;
        _kind ??= kind;
        if (kind == _kind && kind is ProbabilityRowKind.Probabilities or ProbabilityRowKind.Percentages)
        {
            if (kind == ProbabilityRowKind.Percentages)
                TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
            return;
        }

        var hint = kind is ProbabilityRowKind.Logits or ProbabilityRowKind.LogProbabilities ? ". For raw scores say --score-kind logits"
            : ". If a column holds no scores, say so with --ignore, or name those that do with --scores";
        var outside = scores.IndexOfAnyExceptInRange(0f, ArePercentages ? 100 : 1 + ProbabilityBlock.Tolerance);
        if (outside >= 0 && kind != ProbabilityRowKind.Percentages)
        {
            throw table.Wrong(
                current.Columns[current.Scores[current.IsList ? 0 : outside]],
                FormattableString.Invariant($"{scores[outside]:G4} is not a probability") + hint);
        }

        throw table.Wrong(
            $"{current.Columns[current.Scores[0]]} to {current.Columns[current.Scores[^1]]}", FormattableString.Invariant(
                $"the probabilities sum to {TensorPrimitives.Sum<float>(scores):G4}, not to {(ArePercentages ? 100 : 1)}") + hint);
    }

    /// <summary>Throws if the logits are probabilities, or if the name and the values of a column suggest that it is not a class.</summary>
    /// <param name="name">The name of the file, for an error.</param>
    /// <param name="hasFiniteRows">Whether there was a row that <see cref="CheckKind"/> saw.</param>
    public void CheckAllRows(string name, bool hasFiniteRows)
    {
        if (layout.AreLogits && _areAllDistributions && hasFiniteRows)
        {
            throw new FormatException(
                $"{name}: all rows are probabilities, which a softmax would flatten. Say --score-kind probabilities.");
        }

        if (layout.AreCertain || !_hasFraction.Contains(true))
            return;
        var suspect = Enumerable.Range(0, layout.ClassCount).FirstOrDefault(index => !_isLabel[index] && !_hasFraction[index], -1);
        if (suspect >= 0)
        {
            throw new FormatException(
                $"{name}, column {layout.Columns[layout.Scores[suspect]]}: no label has this name, and it holds only whole numbers, "
                + $"so it may not be a class. Say --ignore \"{layout.Columns[layout.Scores[suspect]]}\", or name the columns of the "
                + "scores with --scores.");
        }
    }
}

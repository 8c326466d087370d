using System.Runtime.InteropServices;
using Microsoft.ML;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Collects the nonconformity score of each row's true class, 8 bytes a row, and fits the threshold of prediction sets. Weights take 8 more
/// bytes a row from the first on that is not 1.
/// </summary>
public sealed class ConformityScores
{
    private readonly List<double> _scores = [];
    private readonly List<double> _weights = [];
    private readonly PredictionSetFit _rule;
    private readonly int _minimumRows;
    private readonly ulong[] _ranking;
    private LeftOutCounter _leftOut;

    /// <summary>An empty collection.</summary>
    /// <param name="classCount">Classes in a row, at least 2.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 classes, or an option is out of its range.</exception>
    public ConformityScores(int classCount, PredictionSetOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        options ??= new PredictionSetOptions();
        options.Validate();
        _ranking = new ulong[classCount];
        _minimumRows = Math.Max(options.MinimumRows, 1);
        _rule = new PredictionSetFit(
            options.Method,
            options.Coverage,
            double.NaN,
            options.Randomized && options.Method != PredictionSetMethod.Lac,
            options.AllowEmpty ?? options.Method == PredictionSetMethod.Lac,
            options.Method == PredictionSetMethod.Raps ? options.RankPenalty : 0,
            options.UnpenalizedRanks,
            options.Seed,
            0,
            RowsLeftOut.None);
    }

    /// <summary>Rows that were offered and not used, by reason.</summary>
    public RowsLeftOut LeftOut => _leftOut.Total;

    /// <summary>Adds a row, or counts it as left out: without a label, with one outside the classes, with a weight that is 0, negative, NaN
    /// or infinite, or no probabilities (a NaN, a negative value, a sum that is not 1 within 1e-3).</summary>
    /// <param name="probabilities">One value a class.</param>
    /// <param name="label">The class index, negative when missing.</param>
    /// <param name="weight">
    /// What the row counts: 2 counts as much as two equal rows. A new row, for which the coverage is promised, counts 1.
    /// </param>
    /// <exception cref="ArgumentException">The row does not have one value a class.</exception>
    public void Add(ReadOnlySpan<float> probabilities, int label, float weight = 1f)
    {
        if (probabilities.Length != _ranking.Length)
        {
            throw new ArgumentException(
                $"The row has {probabilities.Length} probabilities, but there are {_ranking.Length} classes.", nameof(probabilities));
        }
        if (!_leftOut.Admits(label, _ranking.Length, weight))
            return;
        if (!AreProbabilities(probabilities))
        {
            _leftOut.AddNotFinite();
            return;
        }
        if (weight != 1 && _weights.Count == 0)
        {
            CollectionsMarshal.SetCount(_weights, _scores.Count);
            CollectionsMarshal.AsSpan(_weights).Fill(1);
        }
        _scores.Add(new ConformityRanking(probabilities, _ranking).ScoreOf(label, _rule));
        if (weight != 1 || _weights.Count > 0)
            _weights.Add(weight);
    }

    /// <summary>The rule for the rows collected so far.</summary>
    /// <exception cref="InvalidOperationException">There are too few usable rows.</exception>
    public PredictionSetFit Fit()
    {
        var count = _scores.Count;
        var total = _weights.Count == 0 ? count : _weights.Sum();
        // Rounded down a little, so that 0.95 * 20 is 19 and not the next number after it.
        var target = (total + 1) * _rule.Coverage * (1 - 1e-12);
        if (count < _minimumRows || target > total)
        {
            var needed = Math.Max(_minimumRows, Math.Ceiling(_rule.Coverage / (1 - _rule.Coverage) * (1 - 1e-12)));
            var weights = _weights.Count == 0 ? "" : $" of total weight {total:g6}";
            throw new InvalidOperationException(
                $"Prediction sets with coverage {_rule.Coverage} found {count} usable rows{weights} and need at least {needed} "
                + $"(left out: {LeftOut}). Hold out more rows, lower the coverage or the minimum number of rows, and give "
                + "probabilities, not logits.");
        }
        var sorted = _scores.ToArray();
        return _rule with { Threshold = Quantile(sorted, target), RowsUsed = count, RowsLeftOut = LeftOut };
    }

    /// <summary>The lowest score that, with all scores up to it, weighs at least this much. Sorts the scores.</summary>
    private double Quantile(double[] scores, double target)
    {
        if (_weights.Count == 0)
        {
            Array.Sort(scores);
            return scores[(long)Math.Ceiling(target) - 1];
        }
        var weights = _weights.ToArray();
        Array.Sort(scores, weights);
        var (row, gathered) = (0, weights[0]);
        while (gathered < target && row < scores.Length - 1)
            gathered += weights[++row];
        return scores[row];
    }

    private static bool AreProbabilities(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var p in row)
        {
            if (!(p >= 0))
                return false;
            sum += p;
        }
        return Math.Abs(sum - 1) <= 1e-3;
    }
}

using System.Runtime.InteropServices;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Collects the nonconformity score of each row's true class (8 bytes per row) and fits the threshold of prediction sets. Weights take 8
/// more bytes per row, from the first weight on that is not 1; coverage within each class takes 4 more.
/// </summary>
public sealed class ConformityScores
{
    private readonly List<double> _scores = [];
    private readonly List<double> _weights = [];
    private readonly List<int>? _labels;
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
        _labels = options.Conditional == PredictionSetConditional.PerClass ? [] : null;
        var isLac = options.Method == PredictionSetMethod.Lac;
        _rule = new PredictionSetFit(
            options.Method, options.Coverage, Threshold: double.NaN, options.Randomized && !isLac, options.AllowEmpty,
            options.Method == PredictionSetMethod.Raps ? options.RankPenalty : 0, options.UnpenalizedRanks, options.Seed,
            RowsUsed: 0, RowsLeftOut.None);
    }

    /// <summary>Rows that were added but not used, by reason.</summary>
    public RowsLeftOut LeftOut => _leftOut.Total;

    /// <summary>
    /// Adds a row. A row is counted as left out if its label is missing or unknown, if its weight is 0, negative, NaN or infinite, or if it
    /// does not contain probabilities (a NaN, a negative value, a sum that is not 1 within 1e-3).
    /// </summary>
    /// <param name="probabilities">One value per class.</param>
    /// <param name="label">The class index, negative when missing.</param>
    /// <param name="weight">
    /// The weight of the row: 2 counts as much as two equal rows. The guaranteed coverage is for new rows of weight 1.
    /// </param>
    /// <exception cref="ArgumentException">The row does not have one value per class.</exception>
    public void Add(ReadOnlySpan<float> probabilities, int label, float weight = 1f)
    {
        if (probabilities.Length != _ranking.Length)
        {
            throw new ArgumentException(
                $"The row has {probabilities.Length} probabilities, but there are {_ranking.Length} classes.", nameof(probabilities));
        }
        if (!_leftOut.Admits(label, _ranking.Length, weight))
            return;
        if (!ProbabilityRow.IsDistribution(probabilities))
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
        _labels?.Add(label);
    }

    /// <summary>Fits the rule on the rows collected so far.</summary>
    /// <exception cref="InvalidOperationException">There are too few usable rows, in total or of one class.</exception>
    public PredictionSetFit Fit() => Fit(k => $"class {k}");

    /// <summary>Like <see cref="Fit()"/>, with these class names in error messages.</summary>
    internal PredictionSetFit Fit(Func<int, string> nameOf)
    {
        var count = _scores.Count;
        var total = _weights.Count == 0 ? count : _weights.Sum();
        // Rounded down a little, so that 0.95 * 20 is 19 and not the next number after it.
        var target = (total + 1) * _rule.Coverage * (1 - 1e-12);
        if (count < _minimumRows || target > total)
        {
            var needed = Math.Max(_minimumRows, Math.Ceiling(_rule.Coverage / (1 - _rule.Coverage) * (1 - 1e-12)));
            var weights = _weights.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of total weight {total:g6}");
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Prediction sets with coverage {_rule.Coverage} found {count} usable rows{weights} and need at least {needed} "
                + $"(left out: {LeftOut}). Hold out more rows, lower the coverage or the minimum number of rows, and give "
                + $"probabilities, not logits."));
        }
        var rule = _rule with { RowsUsed = count, RowsLeftOut = LeftOut };
        if (_labels is null)
            return rule with { Threshold = Quantile([.. _scores], [.. _weights], target) };
        var thresholds = new double[_ranking.Length];
        var rowsOf = Enumerable.Range(0, count).ToLookup(row => _labels[row]);
        for (var k = 0; k < thresholds.Length; k++)
            thresholds[k] = ThresholdOf(k, [.. rowsOf[k]], nameOf);
        return rule with { Threshold = thresholds.Max(), ClassThresholds = [.. thresholds] };
    }

    private double ThresholdOf(int label, int[] rows, Func<int, string> nameOf)
    {
        double[] weights = _weights.Count == 0 ? [] : Array.ConvertAll(rows, row => _weights[row]);
        var total = _weights.Count == 0 ? rows.Length : weights.Sum();
        var target = (total + 1) * _rule.Coverage * (1 - 1e-12);
        if (target > total)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Prediction sets with coverage {_rule.Coverage} within each class found {rows.Length} usable rows of {nameOf(label)} and "
                + $"need at least {Math.Ceiling(_rule.Coverage / (1 - _rule.Coverage) * (1 - 1e-12))} of each class. Hold out more rows of "
                + $"it, lower the coverage, or promise the coverage on average."));
        }

        return Quantile(Array.ConvertAll(rows, row => _scores[row]), weights, target);
    }

    /// <summary>
    /// The lowest score for which the scores up to and including it have at least this total weight. Sorts scores and weights.
    /// </summary>
    private static double Quantile(double[] scores, double[] weights, double target)
    {
        if (weights.Length == 0)
        {
            Array.Sort(scores);
            return scores[(long)Math.Ceiling(target) - 1];
        }
        Array.Sort(scores, weights);
        var (row, gathered) = (0, weights[0]);
        while (gathered < target && row < scores.Length - 1)
            gathered += weights[++row];
        return scores[row];
    }
}

/// <summary>
/// One row's classes, the most probable first, with the nonconformity score of each. The scores never decrease along the ranking, so with
/// one threshold for all classes a set is always the beginning of the ranking.
/// </summary>
internal readonly ref struct ConformityRanking
{
    private readonly ReadOnlySpan<float> _probabilities;
    private readonly Span<ulong> _ranking;
    private readonly double _total;

    /// <param name="probabilities">Non-negative numbers.</param>
    /// <param name="ranking">As long; overwritten.</param>
    public ConformityRanking(ReadOnlySpan<float> probabilities, Span<ulong> ranking)
    {
        _probabilities = probabilities;
        _ranking = ranking;
        for (var k = 0; k < probabilities.Length; k++)
        {
            // The bits of non-negative floats are ordered as the floats; ties go to the lower index.
            ranking[k] = (ulong)~BitConverter.SingleToUInt32Bits(probabilities[k] + 0f) << 32 | (uint)k;
            _total += probabilities[k];
        }
        ranking.Sort();
    }

    public int ClassAt(int rank) => (int)(uint)_ranking[rank];

    /// <summary>The score of one class.</summary>
    public double ScoreOf(int label, PredictionSetFit rule) => Last(label, rule).Score;

    /// <summary>Writes the classes whose score is no more than the threshold, the most probable first, and returns how many.</summary>
    public int TakeIn(PredictionSetFit rule, Span<int> classes)
    {
        if (!rule.ClassThresholds.IsDefaultOrEmpty)
            return TakeInByClass(rule, classes);
        var count = Last(null, rule).Rank + 1;
        for (var rank = 0; rank < count; rank++)
            classes[rank] = ClassAt(rank);
        return count;
    }

    private int TakeInByClass(PredictionSetFit rule, Span<int> classes)
    {
        var (chance, tail, count) = (Chance(rule), 0.0, 0);
        for (var rank = _ranking.Length - 1; rank >= 0; rank--)
        {
            var k = ClassAt(rank);
            if (Score(rank, tail, rule, chance) <= rule.ClassThresholds[k])
                classes[count++] = k;
            tail += _probabilities[k];
        }
        classes[..count].Reverse();
        return count;
    }

    /// <summary>The last rank with this label or, if it is null, with a score up to the threshold; -1 if there is none.</summary>
    private (int Rank, double Score) Last(int? label, PredictionSetFit rule)
    {
        var chance = Chance(rule);
        var (score, rank) = (0.0, _ranking.Length - 1);
        for (var tail = 0.0; rank >= 0; rank--)
        {
            score = Score(rank, tail, rule, chance);
            if (label is null ? score <= rule.Threshold : ClassAt(rank) == label)
                break;
            tail += _probabilities[ClassAt(rank)];
        }
        return (rank, score);
    }

    /// <summary>
    /// The cumulative probability up to the class, computed as 1 minus the sum of what follows: near 1, the small probabilities that follow
    /// are far more precise than the sum of the large ones.
    /// </summary>
    private double Score(int rank, double tail, PredictionSetFit rule, double chance)
    {
        double p = _probabilities[ClassAt(rank)];
        if (rule.Method == PredictionSetMethod.Lac)
            return 1 - p;
        return 1 - (tail + (1 - chance) * p) / _total + rule.RankPenalty * Math.Max(0, rank + 1 - rule.UnpenalizedRanks);
    }

    /// <summary>A number in [0, 1) computed from the row itself, so it does not depend on order or threads; 1 if not randomized.</summary>
    private double Chance(PredictionSetFit rule)
    {
        if (!rule.Randomized)
            return 1;
        var hash = (ulong)(uint)rule.Seed + 0x9E3779B97F4A7C15UL;
        foreach (var p in _probabilities)
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(p)) * 0xBF58476D1CE4E5B9UL;
            hash ^= hash >> 31;
        }
        hash *= 0x94D049BB133111EBUL;
        hash ^= hash >> 29;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}

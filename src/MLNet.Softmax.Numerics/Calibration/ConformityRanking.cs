using Microsoft.ML;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One row's classes from the most probable on, with the nonconformity score of each. The scores never fall from one rank to the
/// next, so that every prediction set is a beginning of the ranking.
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
    public double ScoreOf(int label, PredictionSetFit rule)
    {
        var (score, rank) = (0.0, _ranking.Length - 1);
        for (var tail = 0.0; rank >= 0; rank--)
        {
            score = Score(rank, tail, rule, Chance(rule));
            if (ClassAt(rank) == label)
                break;
            tail += _probabilities[ClassAt(rank)];
        }
        return score;
    }

    /// <summary>How many classes, from the most probable on, score no more than the rule's threshold.</summary>
    public int CountWithin(PredictionSetFit rule)
    {
        var chance = Chance(rule);
        var tail = 0.0;
        for (var rank = _ranking.Length - 1; rank >= 0; rank--)
        {
            if (Score(rank, tail, rule, chance) <= rule.Threshold)
                return rank + 1;
            tail += _probabilities[ClassAt(rank)];
        }
        return 0;
    }

    /// <summary>
    /// Probability gathered up to the class, counted as 1 less what comes after: near 1 the small probabilities after it are known
    /// far better than the sum before.
    /// </summary>
    private double Score(int rank, double tail, PredictionSetFit rule, double chance)
    {
        double p = _probabilities[ClassAt(rank)];
        if (rule.Method == PredictionSetMethod.Lac)
            return 1 - p;
        return 1 - (tail + (1 - chance) * p) / _total + rule.RankPenalty * Math.Max(0, rank + 1 - rule.UnpenalizedRanks);
    }

    /// <summary>A number in [0, 1) from the row itself, so that no order or thread changes it; 1 where chance plays no part.</summary>
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

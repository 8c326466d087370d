using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics;

/// <summary>
/// Chooses a class, or abstains, from a row of class probabilities. Chooses the most probable class, a class that reaches its threshold, or
/// the action of lowest expected cost. Immutable and thread-safe.
/// </summary>
public sealed class DecisionRule
{
    /// <summary>The result of <see cref="Decide"/> if the rule abstains.</summary>
    public const int Abstain = -1;

    private readonly float _minimumConfidence;
    private readonly float[] _thresholds;
    // As many actions at a time as a vector holds, with their costs for each class.
    private readonly Vector<double>[] _costs;
    private readonly int _classCount;

    private DecisionRule(float minimumConfidence, float[] thresholds, Vector<double>[] costs, int classCount)
    {
        CheckProbability(minimumConfidence, nameof(minimumConfidence), "The minimum confidence");
        (_minimumConfidence, _thresholds, _costs, _classCount) = (minimumConfidence, thresholds, costs, classCount);
    }

    /// <summary>Creates a rule that chooses the most probable class; ties go to the lower index.</summary>
    /// <param name="minimumConfidence">
    /// The rule abstains if the chosen class is less probable than this, from 0 to 1 (C. K. Chow, "On optimum recognition error and reject
    /// tradeoff", 1970).
    /// </param>
    /// <returns>The rule, for rows of any number of classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The minimum confidence is not from 0 to 1.</exception>
    public static DecisionRule MostProbable(float minimumConfidence = 0) => new(minimumConfidence, [], [], 0);

    /// <summary>
    /// Creates a rule that chooses among the classes whose probability p reaches their threshold t: the one with the highest p / t (t
    /// counts as at least 2^-126). If none reaches its threshold, it chooses the most probable class without a threshold, or abstains if
    /// every class has one. Ties go to the lower index.
    /// </summary>
    /// <param name="thresholds">One value per class, from 0 to 1, or NaN for a class without a threshold.</param>
    /// <param name="minimumConfidence">As in <see cref="MostProbable"/>.</param>
    /// <returns>The rule, for rows with this number of classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is not from 0 to 1.</exception>
    public static DecisionRule AtThresholds(ReadOnlySpan<float> thresholds, float minimumConfidence = 0)
    {
        for (var k = 0; k < thresholds.Length; k++)
        {
            if (!float.IsNaN(thresholds[k]))
                CheckProbability(thresholds[k], nameof(thresholds), $"The threshold of class {k}");
        }

        return new(minimumConfidence, thresholds.ToArray(), [], thresholds.Length);
    }

    /// <summary>
    /// Creates a rule that chooses the action a of lowest expected cost, the sum over k of costs[a, k] p_k; ties go to the lower index (C.
    /// Elkan, "The foundations of cost-sensitive learning", 2001).
    /// </summary>
    /// <param name="costs">
    /// costs[a, k] is the cost of choosing class a if class k is true; negative for a gain. One row and one column per class, and
    /// optionally one more row: the costs of abstaining.
    /// </param>
    /// <param name="minimumConfidence">As in <see cref="MostProbable"/>.</param>
    /// <returns>The rule, for rows with as many classes as the matrix has columns.</returns>
    /// <exception cref="ArgumentException">The matrix has another shape, or a cost is NaN or infinite.</exception>
    public static DecisionRule ByCosts(float[,] costs, float minimumConfidence = 0)
    {
        ArgumentNullException.ThrowIfNull(costs);
        var (actions, classes) = (costs.GetLength(0), costs.GetLength(1));
        if (classes == 0 || actions - classes is not (0 or 1))
        {
            throw new ArgumentException(
                $"The costs are a matrix of {actions} x {classes}. Give one row and one column a class, and optionally one more row for "
                + "abstaining.", nameof(costs));
        }

        for (var action = 0; action < actions; action++)
        {
            for (var k = 0; k < classes; k++)
            {
                if (!float.IsFinite(costs[action, k]))
                {
                    var found = costs[action, k].ToString(CultureInfo.InvariantCulture);
                    throw new ArgumentException($"costs[{action}, {k}] is {found}; a finite number is expected.", nameof(costs));
                }
            }
        }

        // The last vector is filled up with the last action, which never costs less than itself.
        var width = Vector<double>.Count;
        var vectors = new Vector<double>[(actions + width - 1) / width * classes];
        for (var i = 0; i < vectors.Length * width; i++)
        {
            var (vector, lane) = Math.DivRem(i, width);
            var (block, k) = Math.DivRem(vector, classes);
            vectors[vector] = vectors[vector].WithElement(lane, costs[Math.Min((block * width) + lane, actions - 1), k]);
        }

        return new(minimumConfidence, [], vectors, classes);
    }

    /// <summary>Chooses a class for one row.</summary>
    /// <param name="probabilities">One value per class.</param>
    /// <returns>
    /// The index of the class; <see cref="Abstain"/> if the rule abstains, a probability is NaN, or the row is empty.
    /// </returns>
    /// <exception cref="ArgumentException">The rule is for another number of classes.</exception>
    public int Decide(ReadOnlySpan<float> probabilities)
    {
        if (_classCount > 0 && probabilities.Length != _classCount)
        {
            throw new ArgumentException(
                $"The row has {probabilities.Length} probabilities, but the rule is for {_classCount} classes.", nameof(probabilities));
        }

        if (probabilities.IsEmpty || float.IsNaN(TensorPrimitives.Sum(probabilities)))
            return Abstain;
        var decided = _costs.Length > 0 ? LeastCost(probabilities)
            : _thresholds.Length > 0 ? Reaching(probabilities)
            : ArgMax.Compute(probabilities);
        return decided >= 0 && probabilities[decided] >= _minimumConfidence ? decided : Abstain;
    }

    /// <summary>Throws unless a threshold or confidence is from 0 to 1.</summary>
    internal static void CheckProbability(float value, string parameter, string name)
    {
        if (!(value is >= 0 and <= 1))
        {
            var found = value.ToString(CultureInfo.InvariantCulture);
            throw new ArgumentOutOfRangeException(parameter, value, $"{name} is {found}; a value from 0 to 1 is expected.");
        }
    }

    private int Reaching(ReadOnlySpan<float> probabilities)
    {
        var (reaching, highestRatio) = (Abstain, -1f);
        var (other, highest) = (Abstain, -1f);
        for (var k = 0; k < probabilities.Length; k++)
        {
            var (p, threshold) = (probabilities[k], _thresholds[k]);
            if (float.IsNaN(threshold))
            {
                if (p > highest)
                    (other, highest) = (k, p);
            }
            else if (p >= threshold)
            {
                // At least 1, also for 0 / 0.
                var ratio = MathF.Max(1, p / MathF.Max(threshold, Probabilities.Smallest));
                if (ratio > highestRatio)
                    (reaching, highestRatio) = (k, ratio);
            }
        }

        return reaching >= 0 ? reaching : other;
    }

    private int LeastCost(ReadOnlySpan<float> probabilities)
    {
        var (best, least) = (Abstain, double.PositiveInfinity);
        for (var start = 0; start < _costs.Length; start += _classCount)
        {
            var expected = Vector<double>.Zero;
            for (var k = 0; k < probabilities.Length; k++)
                expected += _costs[start + k] * probabilities[k];
            for (var i = 0; i < Vector<double>.Count; i++)
            {
                if (expected[i] < least)
                    (best, least) = ((start / _classCount * Vector<double>.Count) + i, expected[i]);
            }
        }

        return best < _classCount ? best : Abstain;
    }
}

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Collects the nonconformity score of each row's true class, 8 bytes a row, and fits the threshold of prediction sets.
/// </summary>
public sealed class ConformityScores
{
    private readonly List<double> _scores = [];
    private readonly PredictionSetFit _rule;
    private readonly int _minimumRows;
    private readonly ulong[] _ranking;
    private long _missingLabel;
    private long _unknownLabel;
    private long _notFinite;

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
        _minimumRows = options.MinimumRows;
        _rule = new PredictionSetFit(
            options.Method,
            options.Coverage,
            double.NaN,
            options.Randomized && options.Method != ConformalMethod.Lac,
            options.AllowEmpty ?? options.Method == ConformalMethod.Lac,
            options.Method == ConformalMethod.Raps ? options.RankPenalty : 0,
            options.UnpenalizedRanks,
            options.Seed,
            0,
            RowsLeftOut.None);
    }

    /// <summary>Rows that were offered and not used, by reason.</summary>
    public RowsLeftOut LeftOut => new(_missingLabel, _unknownLabel, _notFinite, 0, 0);

    /// <summary>Adds a row, or counts it as left out: without a label, with one outside the classes, or no probabilities (a NaN, a
    /// negative value, a sum that is not 1 within 1e-3).</summary>
    /// <param name="probabilities">One value a class.</param>
    /// <param name="label">The class index, negative when missing.</param>
    /// <exception cref="ArgumentException">The row does not have one value a class.</exception>
    public void Add(ReadOnlySpan<float> probabilities, int label)
    {
        if (probabilities.Length != _ranking.Length)
        {
            throw new ArgumentException(
                $"The row has {probabilities.Length} probabilities, but there are {_ranking.Length} classes.", nameof(probabilities));
        }
        if (label < 0)
            _missingLabel++;
        else if (label >= probabilities.Length)
            _unknownLabel++;
        else if (!AreProbabilities(probabilities))
            _notFinite++;
        else
            _scores.Add(new ConformityRanking(probabilities, _ranking).ScoreOf(label, _rule));
    }

    /// <summary>The rule for the rows collected so far.</summary>
    /// <exception cref="InvalidOperationException">There are too few usable rows.</exception>
    public PredictionSetFit Fit()
    {
        var count = _scores.Count;
        // Rounded down a little, so that 0.95 * 20 is 19 and not the next number after it.
        var position = (long)Math.Ceiling((count + 1.0) * _rule.Coverage - 1e-9);
        if (count < Math.Max(_minimumRows, 1) || position > count)
        {
            var needed = Math.Max(Math.Max(_minimumRows, 1), (long)Math.Ceiling(_rule.Coverage / (1 - _rule.Coverage) - 1e-9));
            throw new InvalidOperationException(
                $"Prediction sets with coverage {_rule.Coverage} found {count} usable rows and need at least {needed} (left out: {LeftOut}). "
                + "Hold out more rows, lower the coverage or the minimum number of rows, and give probabilities, not logits.");
        }
        var sorted = _scores.ToArray();
        Array.Sort(sorted);
        return _rule with { Threshold = sorted[position - 1], RowsUsed = count, RowsLeftOut = LeftOut };
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

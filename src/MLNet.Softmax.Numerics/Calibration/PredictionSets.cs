using System.Collections.Immutable;
using System.Text;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Conformal prediction: sets of classes that contain the true class in at least a given share of rows, for any model, provided that new
/// rows are exchangeable with those of the fit. The guarantee holds on average over all rows, or within each true class with
/// <see cref="PredictionSetConditional.PerClass"/>. It does not hold for every subgroup of rows.
/// </summary>
public static class PredictionSets
{
    /// <summary>
    /// Fits the threshold: the ceil((n + 1) coverage)-th smallest score of the true classes. With weights of total W, it is the lowest
    /// score for which the scores up to and including it weigh at least (W + 1) coverage.
    /// </summary>
    /// <param name="probabilities">Row after row, <c>labels.Length * classCount</c> values.</param>
    /// <param name="labels">The class index of each row; negative if it has none.</param>
    /// <param name="classCount">Classes in a row, at least 2.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="weights">The weight of each row, as in <see cref="ConformityScores.Add"/>; empty if all are 1.</param>
    /// <exception cref="ArgumentException">The lengths do not match, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There are too few usable rows for the coverage.</exception>
    public static PredictionSetFit Fit(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<int> labels,
        int classCount,
        PredictionSetOptions? options = null,
        ReadOnlySpan<float> weights = default)
    {
        var scores = new ConformityScores(classCount, options);
        FitGuards.RequireLengths(probabilities.Length, labels.Length, classCount, weights.Length);
        for (var row = 0; row < labels.Length; row++)
            scores.Add(probabilities.Slice(row * classCount, classCount), labels[row], weights.IsEmpty ? 1f : weights[row]);
        return scores.Fit();
    }

    /// <summary>Writes a row's prediction set.</summary>
    /// <param name="probabilities">One value per class.</param>
    /// <param name="rule">The fitted rule.</param>
    /// <param name="classes">At least as long as the probabilities. Receives class indices, the most probable first.</param>
    /// <returns>The number of classes in the set; 0 if a probability is NaN, infinite or negative.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="classes"/> is too short, or the rule is for another number of classes.
    /// </exception>
    public static int Apply(ReadOnlySpan<float> probabilities, PredictionSetFit rule, Span<int> classes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (classes.Length < probabilities.Length)
            throw new ArgumentException(
                $"A set of up to {probabilities.Length} classes does not fit into {classes.Length} places.", nameof(classes));
        foreach (var p in probabilities)
        {
            if (!(p >= 0 && float.IsFinite(p)))
                return 0;
        }
        var ranking = new ConformityRanking(
            probabilities, probabilities.Length <= 128 ? stackalloc ulong[probabilities.Length] : new ulong[probabilities.Length]);
        if (!rule.ClassThresholds.IsDefaultOrEmpty && rule.ClassThresholds.Length != probabilities.Length)
        {
            throw new ArgumentException(
                $"The row has {probabilities.Length} probabilities, but the rule is for {rule.ClassThresholds.Length} classes.",
                nameof(probabilities));
        }

        var count = ranking.TakeIn(rule, classes);
        if (count > 0 || rule.AllowEmpty || probabilities.IsEmpty)
            return count;
        classes[0] = ranking.ClassAt(0);
        return 1;
    }
}

/// <summary>A fitted rule for prediction sets.</summary>
/// <param name="Method">The method that chooses the classes of a set.</param>
/// <param name="Coverage">The guaranteed minimum share of exchangeable rows whose set contains the true class.</param>
/// <param name="Threshold">The largest nonconformity score that a set includes; with thresholds per class, the largest of them.</param>
/// <param name="Randomized">Whether the last class is included at random (APS and RAPS).</param>
/// <param name="AllowEmpty">Whether a set may be empty.</param>
/// <param name="RankPenalty">The penalty that RAPS adds for each penalised rank; 0 for the other methods.</param>
/// <param name="UnpenalizedRanks">The number of ranks that RAPS does not penalise.</param>
/// <param name="Seed">The seed of the random choice.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="ClassThresholds">
/// The threshold of each class, if the coverage is guaranteed within each class; otherwise empty.
/// </param>
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed record PredictionSetFit(
    PredictionSetMethod Method,
    double Coverage,
    double Threshold,
    bool Randomized,
    bool AllowEmpty,
    double RankPenalty,
    int UnpenalizedRanks,
    int Seed,
    long RowsUsed,
    RowsLeftOut RowsLeftOut,
    ImmutableArray<double> ClassThresholds = default)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Method = {Method}, Coverage = {Coverage}, Threshold = {Threshold}, Randomized = {Randomized}, "
            + $"AllowEmpty = {AllowEmpty}, RankPenalty = {RankPenalty}, UnpenalizedRanks = {UnpenalizedRanks}, "
            + $"Seed = {Seed}, RowsUsed = {RowsUsed}, RowsLeftOut = {RowsLeftOut}");
        if (!ClassThresholds.IsDefault)
        {
            var thresholds = ClassThresholds.Select(threshold => threshold.ToString(CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $", ClassThresholds = [{string.Join(", ", thresholds)}]");
        }

        return true;
    }
}

/// <summary>Options of prediction sets.</summary>
public sealed class PredictionSetOptions
{
    /// <summary>The method that chooses the classes of a set; LAC unless set.</summary>
    public PredictionSetMethod Method { get; set; } = PredictionSetMethod.Lac;

    /// <summary>Whether the coverage is guaranteed on average, the default, or within each true class.</summary>
    public PredictionSetConditional Conditional { get; set; } = PredictionSetConditional.OnAverage;

    /// <summary>The share of rows whose set is to contain the true class, above 0 and below 1; 0.9 unless set.</summary>
    public double Coverage { get; set; } = 0.9;

    /// <summary>
    /// True, the default, includes the last class of an APS or RAPS set at random, which makes the coverage exact; false gives sets that
    /// are a little larger. The random number is a hash of the row's probabilities and <see cref="Seed"/>: equal probabilities always give
    /// the same set. Another kind of processor may compute probabilities that differ in the last bit.
    /// </summary>
    public bool Randomized { get; set; } = true;

    /// <summary>
    /// Whether a set may be empty. False, the default, gives each row at least its most probable class, which can only raise the coverage.
    /// </summary>
    public bool AllowEmpty { get; set; }

    /// <summary>The penalty that RAPS adds for each class beyond <see cref="UnpenalizedRanks"/>, at least 0; 0.1 unless set.</summary>
    public double RankPenalty { get; set; } = 0.1;

    /// <summary>The number of most probable classes that RAPS does not penalise, at least 0; 1 unless set.</summary>
    public int UnpenalizedRanks { get; set; } = 1;

    /// <summary>The seed of the random choice of <see cref="Randomized"/>.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// The minimum number of usable rows, at least 1; 30 unless set. A coverage c always needs c / (1 - c) rows.
    /// </summary>
    public int MinimumRows { get; set; } = 30;

    internal void Validate()
    {
        Guard.Require(Enum.IsDefined(Method), Method, "Expected Lac, Aps or Raps.");
        Guard.Require(Enum.IsDefined(Conditional), Conditional, "Expected OnAverage or PerClass.");
        Guard.Require(Coverage > 0 && Coverage < 1, Coverage, "The coverage must be above 0 and below 1.");
        Guard.Require(double.IsFinite(RankPenalty) && RankPenalty >= 0, RankPenalty, "The rank penalty must be finite and at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(UnpenalizedRanks);
    }
}

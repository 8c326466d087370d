using System.Collections.Immutable;
using System.Text;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Conformal prediction: sets of classes that contain the true one in at least a given share of rows, whatever the model, as long
/// as the rows are exchangeable with those of the fit. The promise holds on average over rows, or with
/// <see cref="PredictionSetConditional.PerClass"/> within each true class, not for each kind of row.
/// </summary>
public static class PredictionSets
{
    /// <summary>
    /// Fits the threshold: the ceil((n + 1) coverage)-th smallest score of the true classes. With weights of total W, the lowest score that
    /// weighs, with all scores up to it, at least (W + 1) coverage.
    /// </summary>
    /// <param name="probabilities">Row after row, <c>labels.Length * classCount</c> values.</param>
    /// <param name="labels">Each row's class index, negative where it has none.</param>
    /// <param name="classCount">Classes in a row, at least 2.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="weights">What each row counts, as in <see cref="ConformityScores.Add"/>; empty if all count 1.</param>
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
    /// <param name="probabilities">One value a class.</param>
    /// <param name="rule">What was fitted.</param>
    /// <param name="classes">At least as long as the probabilities. Receives class indices, the most probable first.</param>
    /// <returns>How many classes the set has; 0 where a probability is NaN, infinite or negative.</returns>
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
/// <param name="Method">Which classes a set takes in.</param>
/// <param name="Coverage">The share of exchangeable rows whose set contains the true class, at least.</param>
/// <param name="Threshold">The largest nonconformity score that is taken in; of the classes' thresholds, the largest.</param>
/// <param name="Randomized">Whether the last class comes in by chance (APS and RAPS).</param>
/// <param name="AllowEmpty">Whether a set may be empty.</param>
/// <param name="RankPenalty">What RAPS adds for each rank beyond the free ones; 0 for the other methods.</param>
/// <param name="UnpenalizedRanks">Ranks that RAPS leaves free.</param>
/// <param name="Seed">Chooses the chance.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="ClassThresholds">
/// The largest nonconformity score of each class that is taken in, where the coverage is promised within each class; else empty.
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

/// <summary>How prediction sets are made.</summary>
public sealed class PredictionSetOptions
{
    /// <summary>Which classes a set takes in; LAC unless set.</summary>
    public PredictionSetMethod Method { get; set; } = PredictionSetMethod.Lac;

    /// <summary>Whether the coverage is promised on average, the default, or within each true class.</summary>
    public PredictionSetConditional Conditional { get; set; } = PredictionSetConditional.OnAverage;

    /// <summary>The share of rows whose set shall contain the true class, above 0 and below 1; 0.9 unless set.</summary>
    public double Coverage { get; set; } = 0.9;

    /// <summary>
    /// True, the default, to take the last class of an APS or RAPS set in by chance, which makes the coverage exact; false for sets
    /// that are a little larger. Chance is a hash of the row's probabilities and <see cref="Seed"/>: the same row always gets the
    /// same set, as long as its probabilities are the same to the last bit, which another kind of processor may compute otherwise.
    /// </summary>
    public bool Randomized { get; set; } = true;

    /// <summary>
    /// Whether a set may be empty. False, the default, gives each row at least its most probable class, which can only raise the coverage.
    /// </summary>
    public bool AllowEmpty { get; set; }

    /// <summary>What RAPS adds to the score of each class beyond <see cref="UnpenalizedRanks"/>, at least 0; 0.1 unless set.</summary>
    public double RankPenalty { get; set; } = 0.1;

    /// <summary>How many of the most probable classes RAPS leaves without penalty, at least 0; 1 unless set.</summary>
    public int UnpenalizedRanks { get; set; } = 1;

    /// <summary>Chooses another chance for <see cref="Randomized"/>.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// The fewest usable rows that are accepted, at least 1; 30 unless set. A coverage c needs c / (1 - c) rows in any case.
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

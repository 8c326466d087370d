using Microsoft.ML;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How prediction sets are made.</summary>
public sealed class PredictionSetOptions
{
    /// <summary>Which classes a set takes in; RAPS unless set.</summary>
    public PredictionSetMethod Method { get; set; } = PredictionSetMethod.Raps;

    /// <summary>The share of rows whose set shall contain the true class, above 0 and below 1; 0.9 unless set.</summary>
    public double Coverage { get; set; } = 0.9;

    /// <summary>
    /// True, the default, to take the last class of an APS or RAPS set in by chance, which makes the coverage exact; false for sets
    /// that are a little larger. Chance is a hash of the row's probabilities and <see cref="Seed"/>: the same row always gets the
    /// same set, as long as its probabilities are the same to the last bit, which another kind of processor may compute otherwise.
    /// </summary>
    public bool Randomized { get; set; } = true;

    /// <summary>
    /// Whether a set may be empty. Null, the default, lets LAC abstain and gives the others at least the most probable class.
    /// </summary>
    public bool? AllowEmpty { get; set; }

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
        if (!Enum.IsDefined(Method))
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "Expected Lac, Aps or Raps.");
        if (!(Coverage > 0 && Coverage < 1))
            throw new ArgumentOutOfRangeException(nameof(Coverage), Coverage, "The coverage must be above 0 and below 1.");
        if (!(double.IsFinite(RankPenalty) && RankPenalty >= 0))
            throw new ArgumentOutOfRangeException(nameof(RankPenalty), RankPenalty, "The rank penalty must be finite and at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(UnpenalizedRanks);
    }
}

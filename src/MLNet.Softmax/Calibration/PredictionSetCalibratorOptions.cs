using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Labels;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>The columns and the rule of prediction sets.</summary>
public sealed class PredictionSetCalibratorOptions
{
    /// <summary>The column of true classes: a key, text or a number.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of probabilities: a vector of <see cref="float"/> of known size, one value a class.</summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>The column to add, a vector of text; the number of labels goes to a column with "Size" after this name.</summary>
    public string PredictionSetColumnName { get; set; } = "PredictionSet";

    /// <summary>The share of rows whose set shall contain the true class, above 0 and below 1; 0.9 unless set.</summary>
    public double Coverage { get; set; } = 0.9;

    /// <summary>Which classes a set takes in; RAPS unless set.</summary>
    public PredictionSetMethod Method { get; set; } = PredictionSetMethod.Raps;

    /// <summary>
    /// True, the default, to take the last class of an APS or RAPS set in by chance, which makes the coverage exact; false for sets that
    /// are a little larger. Chance is a hash of the row's probabilities and <see cref="Seed"/>: the same row always gets the same set,
    /// as long as its probabilities are the same to the last bit, which another kind of processor may compute otherwise.
    /// </summary>
    public bool Randomized { get; set; } = true;

    /// <summary>Whether a set may be empty. Null, the default, lets LAC abstain and gives the others at least the most probable class.</summary>
    public bool? AllowEmpty { get; set; }

    /// <summary>What RAPS adds to the score of each class beyond <see cref="UnpenalizedRanks"/>, at least 0; 0.1 unless set.</summary>
    public double RankPenalty { get; set; } = 0.1;

    /// <summary>How many of the most probable classes RAPS leaves without penalty, at least 0; 1 unless set.</summary>
    public int UnpenalizedRanks { get; set; } = 1;

    /// <summary>Chooses another chance for <see cref="Randomized"/>.</summary>
    public int Seed { get; set; }

    /// <summary>The fewest usable rows that are accepted, at least 1; 30 unless set. A coverage c needs c / (1 - c) rows in any case.</summary>
    public int MinimumRows { get; set; } = 30;

    internal PredictionSetOptions ToRule() => new()
    {
        Coverage = Coverage,
        Method = Method switch
        {
            PredictionSetMethod.Lac => ConformalMethod.Lac,
            PredictionSetMethod.Aps => ConformalMethod.Aps,
            PredictionSetMethod.Raps => ConformalMethod.Raps,
            _ => throw new ArgumentOutOfRangeException(nameof(Method), Method, "Expected Lac, Aps or Raps."),
        },
        Randomized = Randomized,
        AllowEmpty = AllowEmpty,
        RankPenalty = RankPenalty,
        UnpenalizedRanks = UnpenalizedRanks,
        Seed = Seed,
        MinimumRows = MinimumRows,
    };
}

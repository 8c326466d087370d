namespace MLNet.Softmax.Calibration;

/// <summary>The columns of prediction sets and how they are fitted.</summary>
public sealed class PredictionSetCalibratorOptions
{
    /// <summary>The column of true classes: a key, text or a number.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of probabilities: a vector of <see cref="float"/> of known size, one value per class.</summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>
    /// The column to add, a vector of text; a second column, with "Size" appended to this name, holds the number of labels.
    /// </summary>
    public string PredictionSetColumnName { get; set; } = "PredictionSet";

    /// <summary>
    /// The column of weights, <see cref="float"/>: weight 2 counts as two equal rows, and rows with weight 0 are left out. Null, the
    /// default, if every row counts 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The coverage, the method and how the threshold is fitted.</summary>
    public PredictionSetOptions Fitting { get; set; } = new();
}

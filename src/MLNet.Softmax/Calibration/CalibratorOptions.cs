namespace MLNet.Softmax.Calibration;

/// <summary>The columns of a calibrator and how it is fitted.</summary>
/// <typeparam name="TFitting">
/// The options of the fit: <see cref="Numerics.Calibration.TemperatureScalingOptions"/>,
/// <see cref="Numerics.Calibration.ScalingOptions"/> for vector scaling, matrix scaling and Dirichlet calibration, or
/// <see cref="Numerics.Calibration.FitOptions"/> for isotonic calibration.
/// </typeparam>
public sealed class CalibratorOptions<TFitting>
    where TFitting : class, new()
{
    /// <summary>The column of true classes: a key, text or a number.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of scores: a vector of <see cref="float"/> of known size, one value per class.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column to add: calibrated probabilities, of the shape of the scores.</summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>
    /// The column of weights, <see cref="float"/>: weight 2 counts as two equal rows, and rows with weight 0 are left out. Null, the
    /// default, if every row counts 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>What the score column holds.</summary>
    public ScoreKind ScoreKind { get; set; } = ScoreKind.Auto;

    /// <summary>The options of the fit.</summary>
    public TFitting Fitting { get; set; } = new();

    internal CalibratorColumns ToColumns()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ProbabilityColumnName);
        SchemaChecks.ThrowIfEmptyName(ExampleWeightColumnName);
        ArgumentNullException.ThrowIfNull(Fitting);
        return Enum.IsDefined(ScoreKind)
            ? new(new(LabelColumnName, ScoreColumnName, ExampleWeightColumnName), ProbabilityColumnName, ScoreKind)
            : throw new ArgumentOutOfRangeException(nameof(ScoreKind), ScoreKind, "The score kind must be Auto, Logits or Probabilities.");
    }
}

/// <summary>What a calibrator reads in Fit and what its transformer adds.</summary>
internal sealed record CalibratorColumns(HeldOutColumns Read, string Probability, ScoreKind Kind);

namespace MLNet.Softmax.Evaluation;

/// <summary>What a report shows besides the figures.</summary>
public sealed class ProbabilityReportOptions
{
    /// <summary>The heading of the report; "Multiclass evaluation" by default.</summary>
    /// <exception cref="ArgumentNullException">The title is null.</exception>
    public string Title
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = "Multiclass evaluation";

    /// <summary>A sentence below the heading, such as the name of the model and of the data; null, the default, for none.</summary>
    public string? Subtitle { get; set; }

    /// <summary>
    /// The same rows under an earlier model, or before calibration: its reliability diagram is drawn beside the later one; null for none.
    /// </summary>
    public ProbabilityMetrics? Before { get; set; }

    /// <summary>The result of <see cref="ProbabilityMetrics.Compare"/>, shown as a table; null for none.</summary>
    public ProbabilityComparison? Comparison { get; set; }

    /// <summary>
    /// Returns a row's picture: an encoded JPEG, PNG, WebP or GIF, ideally a thumbnail of about 200 pixels, or null for none. The argument
    /// is the row's name, so <see cref="ProbabilityEvaluationOptions.RowNameColumnName"/> must be set; unnamed rows have no picture. The
    /// report then shows the most confident mistakes and the most doubtful rows as pictures. It embeds at most 2 MB of them, and says how
    /// many it left out because of their size or type. <c>SaveReport</c> does not catch exceptions of the function. Null, the default: no
    /// pictures.
    /// </summary>
    public Func<string, byte[]?>? Image { get; set; }

    /// <summary>
    /// A threshold to show with the figures over all thresholds: the result of <c>EvaluateThreshold</c> on the rows of this report, or the
    /// <c>Calibration</c> of a fitted one; null for none.
    /// </summary>
    public ThresholdFit? Threshold { get; set; }

    /// <summary>
    /// The result of <c>EvaluateDecisions</c>: the figures of the decisions in a column, and the figures at other thresholds; null for
    /// none.
    /// </summary>
    public DecisionMetrics? Decisions { get; set; }

    /// <summary>The result of <c>EvaluatePredictionSets</c>, shown class by class; null for none.</summary>
    public PredictionSetMetrics? PredictionSets { get; set; }
}

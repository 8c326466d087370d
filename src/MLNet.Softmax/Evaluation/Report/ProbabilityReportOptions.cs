namespace MLNet.Softmax;

/// <summary>What a report says beside the figures themselves.</summary>
public sealed record ProbabilityReportOptions
{
    /// <summary>The heading of the report; "Multiclass evaluation" unless set.</summary>
    public string Title { get; init; } = "Multiclass evaluation";

    /// <summary>A sentence below the heading, such as the name of the model and of the data; null, the default, for none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>
    /// The same rows under an earlier model, or before calibration: its reliability diagram is drawn beside the later one; null for none.
    /// </summary>
    public ProbabilityMetrics? Before { get; init; }

    /// <summary>What <see cref="ProbabilityMetrics.Compare"/> says about the two: shown as a table; null for none.</summary>
    public ProbabilityComparison? Comparison { get; init; }
}

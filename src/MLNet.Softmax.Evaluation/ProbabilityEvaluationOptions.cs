namespace MLNet.Softmax.Evaluation;

/// <summary>
/// What an evaluation of probabilities computes. The defaults compute everything but the bootstrap; <see cref="Streaming"/> leaves out
/// everything that needs memory for each row. The options are copied when they are used: later changes have no effect.
/// </summary>
public sealed class ProbabilityEvaluationOptions
{
    /// <summary>A column of Single with the weight of each row; null, the default, if every row counts for one.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// A text column, such as a file name, that names the confident mistakes and the doubtful rows; null to show only their numbers.
    /// </summary>
    public string? RowNameColumnName { get; set; }

    /// <summary>
    /// The name of each class, in the order of the probabilities; null, the default, to use the names in the data. For probabilities
    /// without names, such as those of an imported network: <c>File.ReadAllLines("labels.txt")</c>. Used by EvaluateProbabilities only.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; set; }

    /// <summary>The bins of the calibration errors and reliability diagrams; 15 bins (lower, upper] by default.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public BinLayout CalibrationBins
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = BinLayout.Default;

    /// <summary>
    /// Whether to compute the ROC AUC of each class. Costs 4 bytes x classes a row, and about 3 ns x classes a row.
    /// </summary>
    public bool RocAuc { get; set; } = true;

    /// <summary>
    /// Whether to compute the calibration error over bins of equal count. Costs about 24 bytes a row during the evaluation, and a few
    /// nanoseconds a row.
    /// </summary>
    public bool AdaptiveCalibration { get; set; } = true;

    /// <summary>
    /// Whether the result keeps the outcome of each row, about 24 bytes a row, so that <see cref="ProbabilityMetrics.Compare"/> can tell
    /// which differences to another model are real.
    /// </summary>
    public bool KeepRows { get; set; } = true;

    /// <summary>
    /// Computes a bootstrap interval for every headline metric if set. Costs about 24 bytes a row during the evaluation, and about 30 ns
    /// per row and resample, divided by the cores. Without it, loss, Brier score and accuracies have intervals from their standard errors.
    /// </summary>
    public BootstrapOptions? Bootstrap { get; set; }

    /// <summary>How many of the most confident mistakes to list, at least 0; 20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ConfidentMistakes
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 0 or more mistakes.");
    } = 20;

    /// <summary>How many of the least confident predictions to list, at least 0; 20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DoubtfulRows
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 0 or more rows.");
    } = 20;

    /// <summary>
    /// The largest number of classes for which a confusion matrix is kept, up to 16,384; 1000 (8 MB per thread) by default. No other figure
    /// needs it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or more than 16,384.</exception>
    public int LargestConfusionMatrix
    {
        get;
        set => field = value is >= 0 and <= ConfusionTable.MostClasses
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected 0 to {ConfusionTable.MostClasses} classes.");
    } = 1000;

    /// <summary>The confidence level of the intervals, between 0 and 1; 0.95 by default. A bootstrap has its own level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double ConfidenceLevel
    {
        get;
        set => field = NormalDistribution.CheckedLevel(value);
    } = 0.95;

    /// <summary>How many threads read and compute; -1, the default, for all cores. No figure depends on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or less than -1.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        set => field = BootstrapOptions.CheckedParallelism(value);
    } = -1;

    /// <summary>
    /// Options for one pass over the rows in constant memory: no ROC AUC, no adaptive calibration error, no rows kept for comparing or
    /// bootstrapping.
    /// </summary>
    /// <returns>New options, which can be changed.</returns>
    public static ProbabilityEvaluationOptions Streaming() => new() { RocAuc = false, AdaptiveCalibration = false, KeepRows = false };

    internal ProbabilityEvaluationOptions Copy()
    {
        var copy = (ProbabilityEvaluationOptions)MemberwiseClone();
        copy.Bootstrap = Bootstrap?.Copy();
        return copy;
    }

    /// <summary>Everything that figures depend on, by name.</summary>
    internal (string Name, object? Value)[] Settings =>
    [
        (nameof(CalibrationBins), CalibrationBins), (nameof(RocAuc), RocAuc), (nameof(AdaptiveCalibration), AdaptiveCalibration),
        (nameof(KeepRows), KeepRows), (nameof(ConfidentMistakes), ConfidentMistakes), (nameof(DoubtfulRows), DoubtfulRows),
        (nameof(LargestConfusionMatrix), LargestConfusionMatrix), (nameof(ConfidenceLevel), ConfidenceLevel),
        ("Bootstrap.Resamples", Bootstrap?.Resamples), ("Bootstrap.Seed", Bootstrap?.Seed),
        ("Bootstrap.ConfidenceLevel", Bootstrap?.ConfidenceLevel),
    ];

    /// <summary>Writes or reads the <see cref="Settings"/>.</summary>
    internal void Transfer(StateTransfer state)
    {
        CalibrationBins = new(state.Number(CalibrationBins.Count), state.Number(CalibrationBins.Convention));
        RocAuc = state.Flag(RocAuc);
        AdaptiveCalibration = state.Flag(AdaptiveCalibration);
        KeepRows = state.Flag(KeepRows);
        ConfidentMistakes = state.Number(ConfidentMistakes);
        DoubtfulRows = state.Number(DoubtfulRows);
        LargestConfusionMatrix = state.Number(LargestConfusionMatrix);
        ConfidenceLevel = state.Number(ConfidenceLevel);
        if (!state.Flag(Bootstrap is not null))
            return;
        Bootstrap ??= new();
        Bootstrap.Resamples = state.Number(Bootstrap.Resamples);
        Bootstrap.Seed = state.Number(Bootstrap.Seed);
        Bootstrap.ConfidenceLevel = state.Number(Bootstrap.ConfidenceLevel);
    }
}

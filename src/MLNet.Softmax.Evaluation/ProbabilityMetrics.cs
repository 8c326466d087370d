using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Evaluation;

/// <summary>
/// How good the probabilities of a multiclass model are: how often the most probable class is right, whether the confidence is justified,
/// and which classes are mistaken for which. Immutable. Created by <c>mlContext.MulticlassClassification.EvaluateProbabilities</c> or a
/// <see cref="ProbabilityEvaluator"/>.
/// </summary>
/// <remarks>Shares are from 0 to 1; losses are in nats. A figure without rows to compute it from is NaN.</remarks>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class ProbabilityMetrics
{
    private readonly double[] _headline;
    private readonly ConfidenceInterval?[] _intervals;

    internal ProbabilityMetrics(ProbabilityEvaluator source)
    {
        var (options, headline) = (source.Options, source.Headline);
        var (classification, calibration) = (headline.Classification, headline.Calibration);
        var areas = source.RocAuc?.ToArray(options.MaxDegreeOfParallelism);
        var rows = source.Rows?.Snapshot();
        ConfidenceLevel = options.Bootstrap?.ConfidenceLevel ?? options.ConfidenceLevel;
        ClassNames = ImmutableArray.Create(source.ClassNames);
        RowsUsed = classification.RowCount;
        RowsLeftOut = source.LeftOut;
        RowsRenormalized = source.RowsRenormalized;
        Warnings = [.. source.Warnings, .. Renormalized(source)];
        TotalWeight = classification.Weight;
        IsWeighted = source.IsWeighted;
        _headline = headline.ToArray();
        PriorLogLoss = headline.LogLoss.PriorEntropy;
        ImpossibleRows = headline.LogLoss.ImpossibleRows;
        WeightedF1 = classification.WeightedF1;
        TopKAccuracy = ImmutableArray.Create(source.TopK.ToArray());
        MacroRocAuc = areas is null ? null : RocAuc.Macro(areas);
        MeanConfidence = calibration.MeanConfidence;
        ClasswiseCalibrationError = source.Classwise.ExpectedError;
        AdaptiveCalibrationError = options.AdaptiveCalibration
            ? Numerics.Metrics.AdaptiveCalibrationError.Compute(rows!.Confidences, options.CalibrationBins.Count) : null;
        CalibrationBins = options.CalibrationBins;
        Reliability = ImmutableArray.Create(calibration.ToBins(ConfidenceLevel));
        RiskCoverage = ImmutableArray.Create(headline.RiskCoverage.ToPoints());
        Confusion = source.Confusion?.Copy();
        var rowsPerWeight = classification.EffectiveRowsPerWeight;
        Classes = new ClassMetricsList([.. source.ClassNames.Select((name, index) =>
            new ClassMetrics(name, index, areas?[index], rowsPerWeight, ConfidenceLevel, source))]);
        ConfidentMistakes = ImmutableArray.Create(source.Mistakes.ToArray());
        DoubtfulRows = ImmutableArray.Create(source.DoubtfulRows.ToArray());
        var bootstrap = options.Bootstrap;
        IntervalMethod = bootstrap is null ? "standard error" : $"bootstrap, {bootstrap.Resamples} resamples, seed {bootstrap.Seed}";
        _intervals = bootstrap is not null
            ? [.. Bootstrap.Intervals(rows!.SortedOutcomes(), ClassCount, CalibrationBins, bootstrap)
                .Zip(_headline, (interval, figure) => (ConfidenceInterval?)interval.Including(figure))]
            : headline.StandardErrorIntervals(ConfidenceLevel);
        Rows = options.KeepRows ? rows : null;
    }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The number of rows that the figures are computed from.</summary>
    public long RowsUsed { get; }

    /// <summary>The rows that could not be used, by reason.</summary>
    public RowsLeftOut RowsLeftOut { get; }

    /// <summary>
    /// The number of rows whose probabilities, because of rounding, did not sum to 1 within 1e-5. They were divided by their sum.
    /// </summary>
    public long RowsRenormalized { get; }

    /// <summary>
    /// Warnings about the data, in whole sentences, such as renormalised rows or an assumed order of the classes. Empty if there are none.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The sum of the example weights; <see cref="RowsUsed"/> if there are none.</summary>
    public double TotalWeight { get; }

    /// <summary>Whether the rows have example weights.</summary>
    public bool IsWeighted { get; }

    /// <summary>
    /// The mean of -ln(probability of the true class). 0 is perfect. A row counts at most 87.3 (a probability of 1.2e-38). In ML.NET's
    /// Evaluate, it counts at most 34.5 (1e-15), so the two differ if there are <see cref="ImpossibleRows"/>.
    /// </summary>
    public double LogLoss => this[HeadlineMetric.LogLoss];

    /// <summary>The loss of a model that always answers with the class frequencies. A useful model has a lower loss.</summary>
    public double PriorLogLoss { get; }

    /// <summary>The share of <see cref="PriorLogLoss"/> that the model removes. 1 is perfect, 0 is useless, negative is worse.</summary>
    public double LogLossReduction => this[HeadlineMetric.LogLossReduction];

    /// <summary>
    /// Rows whose true class has probability 0; each counts with a loss of 87.3 instead of infinity. ML.NET's Evaluate counts 34.5 for
    /// each.
    /// </summary>
    public long ImpossibleRows { get; }

    /// <summary>The mean over rows of the sum over classes of the squared error of the probabilities. 0 is perfect, 2 the worst.</summary>
    public double BrierScore => this[HeadlineMetric.BrierScore];

    /// <summary>The share of rows whose most probable class is the true one.</summary>
    public double MicroAccuracy => this[HeadlineMetric.MicroAccuracy];

    /// <summary>The mean recall of the classes that have rows (balanced accuracy).</summary>
    public double MacroAccuracy => this[HeadlineMetric.MacroAccuracy];

    /// <summary>The mean precision of the classes.</summary>
    public double MacroPrecision => this[HeadlineMetric.MacroPrecision];

    /// <summary>The mean F1 of the classes.</summary>
    public double MacroF1 => this[HeadlineMetric.MacroF1];

    /// <summary>The mean F1 of the classes, weighted by their rows.</summary>
    public double WeightedF1 { get; }

    /// <summary>The share of rows whose true class is among the k most probable, for k = 1 (at index 0) to the number of classes.</summary>
    public IReadOnlyList<double> TopKAccuracy { get; }

    /// <summary>The correlation of true and predicted classes, from -1 to 1; 0 is chance.</summary>
    public double MatthewsCorrelation => this[HeadlineMetric.MatthewsCorrelation];

    /// <summary>Agreement beyond chance: (accuracy - chance) / (1 - chance). 1 is perfect, 0 is chance.</summary>
    public double CohenKappa => this[HeadlineMetric.CohenKappa];

    /// <summary>The mean area under the ROC curve of each class against the rest; null if the options turn it off.</summary>
    public double? MacroRocAuc { get; }

    /// <summary>
    /// The mean probability of the predicted class. If it is above <see cref="MicroAccuracy"/>, the model is overconfident.
    /// </summary>
    public double MeanConfidence { get; }

    /// <summary>The mean gap between confidence and accuracy over the bins of <see cref="Reliability"/> (ECE).</summary>
    public double ExpectedCalibrationError => this[HeadlineMetric.ExpectedCalibrationError];

    /// <summary>The widest gap of any bin of <see cref="Reliability"/> (MCE).</summary>
    public double MaximumCalibrationError => this[HeadlineMetric.MaximumCalibrationError];

    /// <summary>The expected calibration error of each class's probability, averaged over the classes.</summary>
    public double ClasswiseCalibrationError { get; }

    /// <summary>The expected calibration error over bins of equally many rows; null if the options turn it off.</summary>
    public double? AdaptiveCalibrationError { get; }

    /// <summary>The bins that the calibration errors are computed with.</summary>
    public BinLayout CalibrationBins { get; }

    /// <summary>The bins of the reliability diagram of the confidence, by rising probability, including empty ones.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; }

    /// <summary>
    /// The error rate (risk) if the model answers only the most confident rows, from few rows to all. Each point is exact.
    /// </summary>
    public IReadOnlyList<RiskCoveragePoint> RiskCoverage { get; }

    /// <summary>
    /// The mean risk over all coverages. 0 is perfect; an uninformative confidence gives 1 - <see cref="MicroAccuracy"/>.
    /// </summary>
    public double RiskCoverageArea => this[HeadlineMetric.RiskCoverageArea];

    /// <summary>
    /// How much weight of each true class was predicted as each class; null if there are more classes than the options allow.
    /// </summary>
    public ConfusionTable? Confusion { get; }

    /// <summary>One entry per class.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>The wrong predictions with the highest confidence, by falling confidence.</summary>
    public IReadOnlyList<EvaluatedRow> ConfidentMistakes { get; }

    /// <summary>The predictions with the lowest confidence, right or wrong, by rising confidence.</summary>
    public IReadOnlyList<EvaluatedRow> DoubtfulRows { get; }

    /// <summary>The confidence level of all intervals.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>
    /// How the intervals of <see cref="IntervalOf"/> were computed: "standard error" or "bootstrap, 1000 resamples, seed 1".
    /// </summary>
    public string IntervalMethod { get; }

    /// <summary>A headline metric by name.</summary>
    /// <param name="metric">The metric.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public double this[HeadlineMetric metric] => _headline[IndexOf(metric)];

    /// <summary>The interval of a headline metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <returns>
    /// The interval. Without a bootstrap only log-loss, Brier score and the two accuracies have one; null for the others.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public ConfidenceInterval? IntervalOf(HeadlineMetric metric) => _intervals[IndexOf(metric)];

    /// <summary>
    /// Compares two models, or one before and after calibration, on the rows that both were evaluated on, and tells which differences are
    /// real: a paired bootstrap evaluates both on the same resamples of the same rows.
    /// </summary>
    /// <param name="before">The first evaluation, with rows kept (<see cref="ProbabilityEvaluationOptions.KeepRows"/>, the
    /// default).</param>
    /// <param name="after">The second evaluation, of the same classes and data, with rows kept.</param>
    /// <param name="options">
    /// The number of resamples, their seed and the confidence level; 1000 resamples at 95 % if null. About 60 ns per row and resample,
    /// divided by the cores.
    /// </param>
    /// <returns>Every headline metric before and after, with the interval of its difference.</returns>
    /// <exception cref="ArgumentNullException">An evaluation is null.</exception>
    /// <exception cref="ArgumentException">The rows were not kept, or the two have different classes, bins or labels, or no row in
    /// common.</exception>
    public static ProbabilityComparison Compare(ProbabilityMetrics before, ProbabilityMetrics after, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new ProbabilityComparison(before, after, options ?? new());
    }

    /// <summary>
    /// Saves a report as one HTML file without scripts, which needs no network. It contains headline figures and their intervals,
    /// reliability diagram, confusion matrix, top-k and risk-coverage curves, a table of the classes, the worst-calibrated ones, the most
    /// confident mistakes, the most doubtful rows if they have pictures, and the rows left out. It follows the light or dark theme of its
    /// reader.
    /// </summary>
    /// <param name="path">
    /// The path of the file. An existing file is replaced when the new one is complete; if writing fails, the old one stays.
    /// </param>
    /// <param name="options">The heading, and an earlier evaluation to compare with; null for neither.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null, empty or a directory, or the options contain results for other classes.
    /// </exception>
    /// <exception cref="DirectoryNotFoundException">The directory of <paramref name="path"/> does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public void SaveReport(string path, ProbabilityReportOptions? options = null) =>
        AtomicFile.Write(path, writer => ReportPage.Write(writer, this, options ?? new ProbabilityReportOptions()));

    /// <summary>A table for the console: the headline figures with their intervals, the rows left out, and one line per class.</summary>
    /// <returns>
    /// Plain text of several lines, at most 100 characters wide; with more than 20 classes, only those with the lowest F1.
    /// </returns>
    public override string ToString() => MetricsText.Of(this);

    internal static int IndexOf(HeadlineMetric metric) => Enum.IsDefined(metric)
        ? (int)metric
        : throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric.");

    internal KeptRows? Rows { get; }

    private static IEnumerable<string> Renormalized(ProbabilityEvaluator source)
    {
        if (source.RowsRenormalized > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Rows whose probabilities did not sum to 1 (off by up to {source.LargestSumError:G2}, as after rounding) and were "
                + $"divided by their sum: {source.RowsRenormalized}.");
        }
    }
}

using System.Globalization;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool;

/// <summary>The settings of <c>softmax evaluate</c>.</summary>
/// <param name="Files">Files with the same classes, read one after the other.</param>
/// <param name="Layout">What the command line says about their columns.</param>
/// <param name="IsStreaming">Whether to skip everything that needs memory for each row.</param>
/// <param name="CalibrateOn">A share of the rows, or a file, to fit a calibration on; null for no calibration.</param>
/// <param name="Method">One of <see cref="Calibrator.Methods"/>.</param>
/// <param name="CompareWith">Files with another model's scores of the same rows; null for no comparison.</param>
/// <param name="Threshold">A threshold to decide at; null for none.</param>
/// <param name="Costs">A file with the costs of decisions; null for none.</param>
internal sealed record EvaluationSettings(
    IReadOnlyList<string> Files, LayoutOptions Layout, bool IsStreaming = false, string? CalibrateOn = null, string Method = "temperature",
    IReadOnlyList<string>? CompareWith = null, ClassThreshold? Threshold = null, string? Costs = null);

/// <summary>The lowest probability at which a row is assigned to a class; without a class, at which it is answered at all.</summary>
internal sealed record ClassThreshold(string? Class, float Threshold);

/// <summary>The result of <c>softmax evaluate</c>.</summary>
/// <param name="Metrics">The metrics, after calibration if there is one.</param>
/// <param name="Before">The metrics of the same rows before calibration or of the other model; null for neither.</param>
/// <param name="Comparison">Which differences between the two are real; null if rows were not kept.</param>
/// <param name="Calibrator">The calibration; null for none.</param>
/// <param name="Decisions">The evaluated decisions; null for none.</param>
/// <param name="Notes">Notes for the reader: the layout, and what was found in the file.</param>
internal sealed record EvaluationResult(
    ProbabilityMetrics Metrics, ProbabilityMetrics? Before, ProbabilityComparison? Comparison, Calibrator? Calibrator,
    DecisionResult? Decisions, IReadOnlyList<string> Notes);

/// <summary>Reads score files once from top to bottom, and evaluates them.</summary>
internal sealed class EvaluationWork(EvaluationSettings settings, Action<string> say, CancellationToken stop)
{
    private readonly List<string> _notes = [];
    private bool _hasSaidMemory;

    /// <summary>Where to save the state of the evaluation; null not to save it.</summary>
    public string? StateFile { get; init; }

    public EvaluationResult Run()
    {
        RequireKnownShare();
        using var reader = new ScoreReader(settings.Files, settings.Layout) { NamesRows = StateFile is not null };
        say(reader.Layout.ToString());
        if (reader.IsCopy)
            say("Standard input is Parquet, which is read from its end; it was copied to a temporary file.");
        var calibrator = settings.CalibrateOn is null ? null : FitCalibrator(reader);
        var leftOutOfFit = reader.LeftOut;
        reader.Ids = settings.CompareWith is not null && reader.Layout.RowId is not null ? new RowIds() : null;
        var evaluators = calibrator is null ? [NewEvaluator(reader)] : new[] { NewEvaluator(reader), NewEvaluator(reader) };
        var decisions = Decisions.Of(settings, reader);
        var uncalibrated = calibrator is null ? null : reader.NewBlock();
        reader.ReadAll("Evaluating", block =>
        {
            SayMemory(reader, evaluators.Length);
            if (uncalibrated is not null)
            {
                uncalibrated.CopyFrom(block);
                Add(evaluators[0], uncalibrated, reader, null);
            }

            Add(evaluators[^1], block, reader, calibrator);
            decisions?.Add(block);
        }, stop);
        foreach (var evaluator in evaluators)
        {
            evaluator.LeaveOut(new(
                reader.LeftOut.MissingLabel - leftOutOfFit.MissingLabel, 0, reader.LeftOut.NotFinite - leftOutOfFit.NotFinite, 0, 0));
        }

        _notes.AddRange(reader.Notes);
        if (settings.Layout is { Weight: not null, Decision: not null })
            _notes.Add("The weights are not used for the figures of the decisions: there every row counts 1.");
        var metrics = evaluators[^1].ToMetrics();
        if (StateFile is not null)
            evaluators[^1].Save(StateFile);
        else
            RequireRows(metrics);
        var before = calibrator is not null ? evaluators[0].ToMetrics()
            : settings.CompareWith is not null ? EvaluateOther(reader) : null;
        var comparison = before is null || settings.IsStreaming ? null
            : ProbabilityMetrics.Compare(before, metrics, new BootstrapOptions { Resamples = 500, Seed = 1 });
        return new(metrics, before, comparison, calibrator, decisions?.Result(), _notes);
    }

    /// <exception cref="FormatException">No row was used.</exception>
    public static void RequireRows(ProbabilityMetrics metrics)
    {
        if (metrics.RowsUsed == 0)
            throw new FormatException($"No row can be evaluated. Rows left out: {metrics.RowsLeftOut}.");
    }

    private static void Add(ProbabilityEvaluator evaluator, ScoreBlock block, ScoreReader reader, Calibrator? calibrator)
    {
        ToProbabilities(block.Scores, reader, calibrator);
        evaluator.Add(new(block.Scores, reader.ClassCount, block.Labels, block.Weights), block.Numbers, block.Names);
    }

    /// <summary>Prints the memory that the evaluation will need: once, when the first rows show how many rows there are.</summary>
    private void SayMemory(ScoreReader reader, int evaluations)
    {
        if (_hasSaidMemory)
            return;
        _hasSaidMemory = true;
        var areDecisions = settings is not { Layout.Decision: null, Threshold: null, Costs: null };
        if (MemoryOf(reader.EstimatedRows, reader.ClassCount, settings.IsStreaming ? 0 : evaluations, areDecisions) is { } text)
            say(text);
    }

    /// <summary>What to say about the memory; null if it is little.</summary>
    /// <param name="rows">The estimated number of rows.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="evaluations">The number of evaluations that keep their rows.</param>
    /// <param name="areDecisions">Whether decisions are evaluated too.</param>
    internal static string? MemoryOf(double rows, int classCount, int evaluations, bool areDecisions)
    {
        const long BytesOfRow = 24, BytesOfDecision = 100, WorthSaying = 200_000_000;
        var bytes = rows * ((areDecisions ? BytesOfDecision : 0) + (evaluations * ((sizeof(float) * classCount) + BytesOfRow)));
        return bytes < WorthSaying ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"About {rows:N0} rows: the metrics take about {bytes / 1e9:0.0} GB of memory; "
            + $"--metrics streaming{(areDecisions ? " without decisions" : "")} needs none.");
    }

    public static void ToProbabilities(Span<float> scores, ScoreReader reader, Calibrator? calibrator)
    {
        if (calibrator is not null && !reader.Layout.AreLogits)
            Probabilities.ToLogits(scores, scores);
        if (calibrator is not null)
            calibrator.Apply(scores, reader.ClassCount);
        else if (reader.Layout.AreLogits)
            Numerics.Softmax.Rows(scores, reader.ClassCount, scores);
    }

    /// <summary>The share of the rows to calibrate on; null for a file, or for no calibration.</summary>
    private double? Share =>
        double.TryParse(settings.CalibrateOn, CultureInfo.InvariantCulture, out var share) ? share : null;

    /// <summary>Rows are counted before they are read, which standard input does not allow.</summary>
    private void RequireKnownShare()
    {
        if (Share is not null && settings.Files.Contains("-"))
        {
            throw new FormatException(
                "A share of standard input cannot be known before it ends. Give --calibrate-on a file, or name the file.");
        }
    }

    /// <summary>Fits on a separate file, or on the first of the evaluated rows.</summary>
    private Calibrator FitCalibrator(ScoreReader evaluated)
    {
        if (Share is not { } share)
        {
            using var own = new ScoreReader(FileNames.Expand([settings.CalibrateOn!]), settings.Layout with { Decision = null });
            own.Layout.RequireSameAs(evaluated.Layout);
            return Fit(own, long.MaxValue);
        }

        var rows = CountRows();
        if (rows < 2)
            throw new FormatException($"There are {rows} rows; --calibrate-on needs some to fit on and some to evaluate.");
        return Fit(evaluated, Math.Clamp((long)(rows * share), 1, rows - 1));
    }

    private Calibrator Fit(ScoreReader reader, long count)
    {
        var calibrator = Calibrator.Fit(settings.Method, reader, count, stop);
        say(calibrator.Description);
        return calibrator;
    }

    private long CountRows()
    {
        long rows = 0;
        foreach (var file in settings.Files)
        {
            using var table = Table.Open(file);
            table.Select([], []);
            while (table.MoveNext())
                rows++;
        }

        return rows;
    }

    private ProbabilityMetrics EvaluateOther(ScoreReader first)
    {
        using var reader = new ScoreReader(settings.CompareWith!, settings.Layout with { Decision = null });
        say($"Compared with: {reader.Layout}");
        reader.Layout.RequireSameAs(first.Layout);
        if (reader.Layout.RowId is null != first.Layout.RowId is null)
        {
            throw new FormatException(
                "Only one of the two models' files has row ids. Name the columns with --row-id, or ignore them with --ignore.");
        }

        reader.Ids = first.Ids;
        var evaluator = NewEvaluator(reader);
        reader.ReadAll("Evaluating the other model", block =>
        {
            Add(evaluator, block, reader, null);
        }, stop);
        evaluator.LeaveOut(reader.LeftOut);
        return evaluator.ToMetrics();
    }

    private ProbabilityEvaluator NewEvaluator(ScoreReader reader) => new(
        reader.Layout.ClassNames, settings.IsStreaming ? ProbabilityEvaluationOptions.Streaming() : new ProbabilityEvaluationOptions());
}

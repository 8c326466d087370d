using System.Diagnostics;
using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;
using Numerics = MLNet.Softmax.Numerics;

namespace Benchmarks;

/// <summary>
/// How time grows: everything public on rows of 10 classes from 10 rows to 10,000,000, and on 33 rows from 10 classes to 1,000,000. Prints
/// the processor milliseconds at each size and the exponent over the last tenfold growth, 1 being linear. Far above 1, look for a loop
/// within a loop.
/// </summary>
internal static class Growth
{
    private const int FewClasses = 10;
    private const int FewRows = 33;
    private const double LongestSeconds = 10;
    private static readonly int[] Sizes = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    /// <param name="Name">What is called.</param>
    /// <param name="Work">The call.</param>
    /// <param name="MostClasses">The most classes that it takes, or that leave memory enough.</param>
    private sealed record Contestant(string Name, Action<GrowingRows> Work, int MostClasses = 1_000_000);

    private static readonly Contestant[] Contestants =
    [
        new("Softmax.Rows", rows => Numerics.Softmax.Rows(rows.Logits, rows.ClassCount, rows.Scratch)),
        new("LogSoftmax.Rows", rows => LogSoftmax.Rows(rows.Logits, rows.ClassCount, rows.Scratch)),
        new("CrossEntropy.Rows", rows => CrossEntropy.Rows(rows.Logits, rows.ClassCount, rows.Labels)),
        new("TopK.Rows, k = 5", rows => rows.TopK(5)),
        new("TopK.Rows, k = a tenth", rows => rows.TopK(Math.Max(1, rows.ClassCount / 10))),
        new("TopK.Rows, k = all", rows => rows.TopK(rows.ClassCount)),
        new("TemperatureScaling", rows => TemperatureScaling.Fit(rows.Collect()), ushort.MaxValue),
        new("VectorScaling", rows => VectorScaling.Fit(rows.Collect(), rows.FewSteps), ushort.MaxValue),
        new("MatrixScaling (classes squared)", rows => MatrixScaling.Fit(rows.Collect(), rows.FewSteps), 1_000),
        new("IsotonicCalibration", rows => IsotonicCalibration.Fit(rows.Collect()), ushort.MaxValue),
        new("PredictionSets.Fit and Apply", rows => rows.PredictionSets()),
        new("LogLoss", rows => LogLoss.Compute(rows.Block)),
        new("ClassificationMetrics", rows => rows.Classification()),
        new("TopLabelCalibration", rows => TopLabelCalibration.Compute(rows.Block).ToBins()),
        new("ClasswiseCalibration", rows => _ = ClasswiseCalibration.Compute(rows.Block).ExpectedError, 100_000),
        new("AdaptiveCalibrationError", rows => AdaptiveCalibrationError.Compute(rows.Block)),
        new("RiskCoverage", rows => RiskCoverage.Compute(rows.Block).ToPoints()),
        new("RocAuc", rows => RocAuc.Compute(rows.Block)),
        new("ConfusionTable (classes squared)", rows => ConfusionTable.Compute(rows.Block), 10_000),
        new("TopKAccuracy", rows => TopKAccuracy.Compute(rows.Block)),
        new("Bootstrap, 10 resamples", rows => Bootstrap.Intervals(rows.Block, options: new() { Resamples = 10 })),
        new("ProbabilityEvaluator.ToMetrics", rows => rows.Evaluate(), 100_000),
        new("ProbabilityMetrics.Compare", rows => rows.Compare(), 100_000),
        new("ProbabilityMetrics.ToString", rows => rows.Metrics.ToString(), 100_000),
        new("ProbabilityMetrics.SaveReport", rows => rows.Metrics.SaveReport(GrowingRows.ReportFile), 100_000),
        new("EvaluateProbabilities", rows => rows.Context.MulticlassClassification.EvaluateProbabilities(
            rows.View, "Label", "Score", ProbabilityEvaluationOptions.Streaming()), 100_000),
        new("Transforms.Softmax", rows => rows.Read(
            rows.Context.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Probabilities), "P")),
        new("Transforms.TopK", rows => rows.Read(rows.Context.Transforms.TopK("Top", "Score"), "TopLabels")),
        new("Calibrators.Temperature", rows => rows.Read(rows.Context.MulticlassClassification.Calibrators.Temperature(
            scoreKind: ScoreKind.Probabilities), "Probability"), ushort.MaxValue),
        new("Calibrators.PredictionSet", rows => rows.Read(rows.Context.MulticlassClassification.Calibrators.PredictionSet(
            probabilityColumnName: "Score", coverage: 0.5), "PredictionSet"), 100_000),
    ];

    public static void Run(string[] named)
    {
        Console.WriteLine($"{"milliseconds",-34}{string.Concat(Sizes.Select(size => $"{size,11:N0}"))}{"exponent",10}");
        foreach (var contestant in Contestants.Where(one => named.Length == 0 || named.Any(name => one.Name.Contains(name))))
        {
            Print($"{contestant.Name}, rows", contestant.Work, Sizes.Select(size => (size, FewClasses)));
            Print($"{contestant.Name}, classes", contestant.Work, Sizes.Where(size => size <= contestant.MostClasses)
                .Select(size => (FewRows, size)));
        }

        File.Delete(GrowingRows.ReportFile);
    }

    private static void Print(string name, Action<GrowingRows> work, IEnumerable<(int Rows, int Classes)> sizes)
    {
        Console.Write($"{name,-34}");
        var (times, padding) = (new List<double>(), Sizes.Length * 11);
        foreach (var (rowCount, classCount) in sizes)
        {
            // Growth by ten at worst a hundredfold: what would take too long is left out.
            if (times is [.., _, var before] && before > LongestSeconds * 1000 / 10)
                break;
            var rows = new GrowingRows(Math.Max(rowCount, FewRows), classCount);
            times.Add(BestOf(() => work(rows)));
            padding -= 11;
            Console.Write($"{times[^1],11:0.###}");
        }

        Console.WriteLine($"{new string(' ', padding)}{(times is [.., var last, var next] ? Math.Log10(next / last) : double.NaN),10:F2}");
    }

    /// <summary>
    /// The best of two to five runs, in milliseconds of the processor, which a busy machine disturbs less than the clock. The first one
    /// also makes what the work is done on.
    /// </summary>
    private static double BestOf(Action work)
    {
        var (best, all) = (double.PositiveInfinity, Stopwatch.StartNew());
        for (var turn = 0; turn < 5 && (turn < 2 || all.Elapsed.TotalSeconds < 1); turn++)
        {
            var before = Environment.CpuUsage.TotalTime;
            work();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        return best;
    }
}

/// <summary>Rows of random logits and their probabilities, with labels that go through the classes.</summary>
internal sealed class GrowingRows
{
    public static readonly string ReportFile = Path.Combine(Path.GetTempPath(), $"growth-{Environment.ProcessId}.html");

    private readonly Lazy<ProbabilityMetrics> _metrics;
    private readonly Lazy<IDataView> _view;
    private float[]? _scratch;

    public GrowingRows(int rowCount, int classCount)
    {
        ClassCount = classCount;
        var random = new Random(1);
        Logits = new float[rowCount * classCount];
        foreach (ref var logit in Logits.AsSpan())
            logit = 8 * random.NextSingle();
        Probabilities = new float[Logits.Length];
        Numerics.Softmax.Rows(Logits, classCount, Probabilities);
        Labels = [.. Enumerable.Range(0, rowCount).Select(row => row % classCount)];
        _metrics = new(Evaluate);
        _view = new(() => LabelledRow.Cache(Context, classCount, Labels.Select((label, row) => new LabelledRow
        {
            Score = Probabilities[(row * classCount)..((row + 1) * classCount)],
            Label = (uint)label + 1,
        })));
    }

    public MLContext Context { get; } = new(1);

    public int ClassCount { get; }

    public float[] Logits { get; }

    public float[] Probabilities { get; }

    public int[] Labels { get; }

    public float[] Scratch => _scratch ??= new float[Logits.Length];

    public ProbabilityBlock Block => new(Probabilities, ClassCount, Labels);

    public ProbabilityMetrics Metrics => _metrics.Value;

    public IDataView View => _view.Value;

    /// <summary>A fixed number of steps, so that the time does not depend on how soon the search converges.</summary>
    public ScalingOptions FewSteps { get; } = new() { MaximumIterations = 5, CrossValidationFolds = 0 };

    public CalibrationRows Collect() => CalibrationRows.FromLogits(Logits, Labels, ClassCount);

    public void Compare() => ProbabilityMetrics.Compare(Metrics, Metrics, new() { Resamples = 10 });

    public void TopK(int k) => Numerics.TopK.Rows(Logits, ClassCount, k, new int[Labels.Length * k], Scratch);

    public void Classification()
    {
        var metrics = ClassificationMetrics.Compute(Block);
        _ = metrics.MacroF1 + metrics.WeightedPrecision + metrics.MatthewsCorrelation + metrics.EffectiveRowCount;
    }

    public void PredictionSets()
    {
        var fit = Numerics.Calibration.PredictionSets.Fit(Probabilities, Labels, ClassCount, new() { Coverage = 0.5 });
        var classes = new int[ClassCount];
        for (var row = 0; row < Labels.Length; row++)
            Numerics.Calibration.PredictionSets.Apply(Probabilities.AsSpan(row * ClassCount, ClassCount), fit, classes);
    }

    public ProbabilityMetrics Evaluate()
    {
        var evaluator = new ProbabilityEvaluator(Enumerable.Range(0, ClassCount).Select(index => $"{index}"));
        evaluator.Add(Block);
        return evaluator.ToMetrics();
    }

    /// <summary>Fits a step and reads the column that it adds.</summary>
    public void Read<TTransformer>(IEstimator<TTransformer> step, string column)
        where TTransformer : class, ITransformer
    {
        var output = step.Fit(View).Transform(View);
        using var cursor = output.GetRowCursor([output.Schema[column]]);
        if (column is "TopLabels" or "PredictionSet")
            Read<ReadOnlyMemory<char>>(cursor, output.Schema[column]);
        else
            Read<float>(cursor, output.Schema[column]);
    }

    private static void Read<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var getter = cursor.GetGetter<Microsoft.ML.Data.VBuffer<T>>(column);
        Microsoft.ML.Data.VBuffer<T> buffer = default;
        while (cursor.MoveNext())
            getter(ref buffer);
    }
}

using Microsoft.ML;
using MLNet.Softmax.Evaluation;

namespace Benchmarks;

/// <summary>One way to do the work of a layer.</summary>
/// <param name="Name">What does it.</param>
/// <param name="Run">The work, once.</param>
internal sealed record LayerWay(string Name, Action Run);

/// <summary>Something that the library does above its kernels, and ways to do it.</summary>
/// <param name="Name">What is done, on how much.</param>
/// <param name="Unit">What an item is, such as "row".</param>
/// <param name="Items">How many items the work has.</param>
/// <param name="CreateWays">Makes the data and the ways to do the work; ratios are to the first way, the peer.</param>
internal sealed record Layer(string Name, string Unit, double Items, Func<LayerWay[]> CreateWays);

/// <summary>
/// The layers above the kernels against their peers: nanoseconds by the clock and of all threads together, the best of turns taken, and the
/// memory that each way needs at most beyond what there was before. To add a row, add a <see cref="Layer"/> to the list.
/// </summary>
internal static class Layers
{
    private const int Turns = 5;

    private static readonly Layer[] All = [.. EvaluationLayers.All, .. PipelineLayers.All, .. FitLayers.All];

    /// <param name="named">Parts of the names of the layers to time; empty for all.</param>
    public static void Run(string[] named)
    {
        foreach (var layer in All.Where(one => named.Length == 0 || named.Any(one.Name.Contains)))
        {
            Console.WriteLine($"{layer.Name + ", ns a " + layer.Unit,-60}{"clock",10}{"ratio",8}{"processor",11}{"ratio",8}{"peak MB",9}");
            var ways = layer.CreateWays();
            var best = SideBySide.BestOf(Turns, [.. ways.Select(way => way.Run)]);
            foreach (var (way, (clock, processor)) in ways.Zip(best))
            {
                Console.WriteLine($"  {way.Name,-58}{clock.TotalNanoseconds / layer.Items,10:F1}{clock / best[0].Clock,8:F2}"
                    + $"{processor.TotalNanoseconds / layer.Items,11:F1}{processor / best[0].Processor,8:F2}{PeakMegabytes(way.Run),9:F0}");
            }
        }
    }

    /// <summary>By how much the process grows while it works; NaN where the system does not say.</summary>
    private static double PeakMegabytes(Action run)
    {
        if (!File.Exists("/proc/self/clear_refs"))
            return double.NaN;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // Forgets the peak so far.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS:");
        run();
        return (Status("VmHWM:") - before) / 1e3;
    }

    private static double Status(string name) => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..^" kB".Length]);
}

/// <summary>EvaluateProbabilities against ML.NET's own Evaluate with top-5, on one cached view.</summary>
internal static class EvaluationLayers
{
    public static Layer[] All { get; } =
    [
        new("Evaluation, 1,000,000 x 10", "row", 1_000_000, () => Ways(1_000_000, 10)),
        new("Evaluation, 20,000 x 1,000", "row", 20_000, () => Ways(20_000, 1_000)),
    ];

    private static LayerWay[] Ways(int rowCount, int classCount)
    {
        var catalog = new MLContext(seed: 1).MulticlassClassification;
        var data = LabelledRow.Cache(new MLContext(seed: 1), classCount, Rows(rowCount, classCount));
        LayerWay Ours(string name, ProbabilityEvaluationOptions options, int threads)
        {
            options.MaxDegreeOfParallelism = threads;
            return new($"{name}, {threads} thread(s)", () => catalog.EvaluateProbabilities(data, "Label", "Score", options));
        }

        return
        [
            new("ML.NET Evaluate, top-5", () => catalog.Evaluate(data, topKPredictionCount: 5)),
            new("reading the rows", () => Read(data)),
            Ours("defaults", new(), 1), Ours("defaults", new(), 2),
            Ours("streaming", ProbabilityEvaluationOptions.Streaming(), 1),
            Ours("streaming", ProbabilityEvaluationOptions.Streaming(), 2),
        ];
    }

    private static void Read(IDataView data)
    {
        var (score, label) = (data.Schema["Score"], data.Schema["Label"]);
        using var cursor = data.GetRowCursor([score, label]);
        var (scores, labels) = (cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(score), cursor.GetGetter<uint>(label));
        var (row, key) = (default(Microsoft.ML.Data.VBuffer<float>), 0u);
        while (cursor.MoveNext())
        {
            scores(ref row);
            labels(ref key);
        }
    }

    private static IEnumerable<LabelledRow> Rows(int rowCount, int classCount)
    {
        var random = new Random(1);
        var scores = new float[classCount];
        for (var index = 0; index < rowCount; index++)
        {
            var label = random.Next(classCount);
            for (var score = 0; score < classCount; score++)
                scores[score] = (6 * random.NextSingle()) + (score == label ? 3 : 0);
            var probability = new float[classCount];
            MLNet.Softmax.Numerics.Softmax.Compute(scores, probability);
            var predicted = MLNet.Softmax.Numerics.ArgMax.Compute(probability);
            yield return new LabelledRow { Score = probability, Label = (uint)label + 1, PredictedLabel = (uint)predicted + 1 };
        }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Evaluation;

namespace Benchmarks;

/// <summary>
/// Times EvaluateProbabilities against ML.NET's own Evaluate with top-5 on one cached view of 1,000,000 rows of 10 classes, in turns, and
/// prints the best of each and their ratio: by the clock, and by the processor time of all threads, which a busy machine disturbs less.
/// </summary>
internal static class EvaluationThroughput
{
    private const int RowCount = 1_000_000;
    private const int ClassCount = 10;
    private const int Turns = 9;

    public static void Run()
    {
        var mlContext = new MLContext(seed: 1);
        var data = CachedView(mlContext);
        var catalog = mlContext.MulticlassClassification;
        var (streaming, oneThread) = (ProbabilityEvaluationOptions.Streaming(), ProbabilityEvaluationOptions.Streaming());
        oneThread.MaxDegreeOfParallelism = 1;
        (string Name, Action Evaluate)[] contestants =
        [
            ("ML.NET Evaluate, top-5", () => catalog.Evaluate(data, scoreColumnName: "Probability", topKPredictionCount: 5)),
            ("EvaluateProbabilities, streaming", () => catalog.EvaluateProbabilities(data, options: streaming)),
            ("EvaluateProbabilities, streaming, one thread", () => catalog.EvaluateProbabilities(data, options: oneThread)),
            ("EvaluateProbabilities, all but the bootstrap", () => catalog.EvaluateProbabilities(data)),
        ];

        var best = SideBySide.BestOf(Turns, [.. contestants.Select(contestant => contestant.Evaluate)]);
        Console.WriteLine($"{RowCount:N0} rows of {ClassCount} classes, {Environment.ProcessorCount} cores");
        Console.WriteLine($"{"ns a row",-46}{"clock",8}{"ratio",8}{"processor",12}{"ratio",8}");
        foreach (var ((name, _), (clock, processor)) in contestants.Zip(best))
        {
            Console.WriteLine($"{name,-46}{clock.TotalNanoseconds / RowCount,8:F0}{clock / best[0].Clock,8:F2}"
                + $"{processor.TotalNanoseconds / RowCount,12:F0}{processor / best[0].Processor,8:F2}");
        }
    }

    /// <summary>Rows made as they are read, and kept by ML.NET's cache.</summary>
    private static IDataView CachedView(MLContext mlContext)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Probability)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, ClassCount);
        schema[nameof(Row.Label)].ColumnType = schema[nameof(Row.PredictedLabel)].ColumnType =
            new KeyDataViewType(typeof(uint), ClassCount);
        var view = mlContext.Data.Cache(mlContext.Data.LoadFromEnumerable(Rows(), schema));
        // The first reading fills the cache.
        mlContext.MulticlassClassification.Evaluate(view, scoreColumnName: nameof(Row.Probability));
        return view;
    }

    private static IEnumerable<Row> Rows()
    {
        var random = new Random(1);
        var scores = new float[ClassCount];
        for (var index = 0; index < RowCount; index++)
        {
            var label = random.Next(ClassCount);
            for (var score = 0; score < ClassCount; score++)
                scores[score] = (6 * random.NextSingle()) + (score == label ? 3 : 0);
            var probability = new float[ClassCount];
            MLNet.Softmax.Numerics.Softmax.Compute(scores, probability);
            var predicted = MLNet.Softmax.Numerics.ArgMax.Compute(probability);
            yield return new Row { Probability = probability, Label = (uint)label + 1, PredictedLabel = (uint)predicted + 1 };
        }
    }

    private sealed class Row
    {
        public float[] Probability { get; set; } = [];

        public uint Label { get; set; }

        public uint PredictedLabel { get; set; }
    }
}

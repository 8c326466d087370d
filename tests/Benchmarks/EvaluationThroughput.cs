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
        var data = LabelledRow.Cache(mlContext, ClassCount, Rows());
        var catalog = mlContext.MulticlassClassification;
        var (streaming, oneThread) = (ProbabilityEvaluationOptions.Streaming(), ProbabilityEvaluationOptions.Streaming());
        oneThread.MaxDegreeOfParallelism = 1;
        void Evaluate(ProbabilityEvaluationOptions? options) => catalog.EvaluateProbabilities(data, "Label", "Score", options);
        (string Name, Action Evaluate)[] contestants =
        [
            ("ML.NET Evaluate, top-5", () => catalog.Evaluate(data, topKPredictionCount: 5)),
            ("EvaluateProbabilities, streaming", () => Evaluate(streaming)),
            ("EvaluateProbabilities, streaming, one thread", () => Evaluate(oneThread)),
            ("EvaluateProbabilities, all but the bootstrap", () => Evaluate(null)),
        ];

        // A label that ML.NET does not take for a class would make the rows cheaper for some than for others.
        var leftOut = catalog.EvaluateProbabilities(data, "Label", "Score", streaming).RowsLeftOut;
        if (leftOut.Total > 0)
            throw new InvalidOperationException($"All rows are to be evaluated; left out: {leftOut}.");
        var best = SideBySide.BestOf(Turns, [.. contestants.Select(contestant => contestant.Evaluate)]);
        Console.WriteLine($"{RowCount:N0} rows of {ClassCount} classes, {Environment.ProcessorCount} cores");
        Console.WriteLine($"{"ns a row",-46}{"clock",8}{"ratio",8}{"processor",12}{"ratio",8}");
        foreach (var ((name, _), (clock, processor)) in contestants.Zip(best))
        {
            Console.WriteLine($"{name,-46}{clock.TotalNanoseconds / RowCount,8:F0}{clock / best[0].Clock,8:F2}"
                + $"{processor.TotalNanoseconds / RowCount,12:F0}{processor / best[0].Processor,8:F2}");
        }
    }

    private static IEnumerable<LabelledRow> Rows()
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
            yield return new LabelledRow { Score = probability, Label = (uint)label + 1, PredictedLabel = (uint)predicted + 1 };
        }
    }
}

/// <summary>A row of scores, with its class and the class of its largest score, from 0: ML.NET makes keys of them.</summary>
internal sealed class LabelledRow
{
    public float[] Score { get; set; } = [];

    public uint Label { get; set; }

    public uint PredictedLabel { get; set; }

    /// <summary>Rows made as they are first read, and kept by ML.NET's cache.</summary>
    public static IDataView Cache(MLContext mlContext, int classCount, IEnumerable<LabelledRow> rows)
    {
        var schema = SchemaDefinition.Create(typeof(LabelledRow));
        schema[nameof(Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classCount);
        schema[nameof(Label)].ColumnType = schema[nameof(PredictedLabel)].ColumnType = new KeyDataViewType(typeof(uint), classCount);
        return mlContext.Data.Cache(mlContext.Data.LoadFromEnumerable(rows, schema));
    }
}

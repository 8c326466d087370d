using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Transforms;

namespace Benchmarks;

/// <summary>
/// A softmax column read through ML.NET: ours, two ways of writing it as a CustomMapping, and a softmax graph in ONNX Runtime. Then what
/// Decide adds to reading probabilities that are there already.
/// Rows come from a cached view with a cursor, or one at a time from a PredictionEngine.
/// </summary>
internal sealed class PipelineWorkload
{
    private readonly MLContext context = new(seed: 1);
    private readonly SchemaDefinition schema = SchemaDefinition.Create(typeof(Scored));
    private readonly Scored[] rows;
    private readonly IDataView scores;

    public PipelineWorkload(int rowCount, int classCount)
    {
        var random = new Random(1);
        float Score() => (float)(random.NextDouble() * 20) - 10;
        rows = [.. Enumerable.Range(0, rowCount)
            .Select(_ => new Scored { Score = [.. Enumerable.Range(0, classCount).Select(_ => Score())] })];
        schema[nameof(Scored.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classCount);
        scores = context.Data.Cache(context.Data.LoadFromEnumerable(rows, schema));
        var ours = context.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits).Fit(scores);
        var byHand = context.Transforms.CustomMapping<Scored, Probable>(MapByHand, null).Fit(scores);
        var linq = context.Transforms.CustomMapping<Scored, Probable>(MapWithLinq, null).Fit(scores);
        Ways =
        [
            new("reading the scores alone", View(null), Engine(null)),
            new("our Softmax", View(ours), Engine(ours)),
            new("CustomMapping, plain loop", View(byHand), Engine(byHand)),
            new("CustomMapping, LINQ", View(linq), Engine(linq)),
        ];
        AddOnnx(ours);
        AddDecisions(ours.Transform(scores), classCount);
    }

    public int RowCount => rows.Length;

    /// <summary>The ways to get the column. The first only reads the scores, which nobody can do without.</summary>
    public List<PipelineWay> Ways { get; }

    private void AddOnnx(ITransformer softmax)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
                context.Model.ConvertToOnnx(softmax, scores, file);
            // Told to give "Probability.output", the name in the graph, ML.NET gives the column the name that it was exported with.
            var graph = context.Transforms.ApplyOnnxModel("Probability.output", "Score", path).Fit(scores);
            Ways.Add(new("ApplyOnnxModel", View(graph), Engine(graph)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void AddDecisions(IDataView scored, int classCount)
    {
        var decided = SchemaDefinition.Create(typeof(Probable));
        decided[nameof(Probable.Probability)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classCount);
        Probable[] known = [.. scored.GetColumn<float[]>("Probability").Select(p => new Probable { Probability = p })];
        var probabilities = context.Data.Cache(context.Data.LoadFromEnumerable(known, decided));
        var reader = context.Model.CreatePredictionEngine<Probable, Probable>(
            new TransformerChain<ITransformer>(), inputSchemaDefinition: decided);
        Ways.Add(new(
            "reading the probabilities alone", () => Read(probabilities, "Probability"),
            () => Predict(reader, known, static answer => answer.Probability[0])));
        (string Name, DecideEstimator Estimator)[] decisions =
        [
            ("our Decide", context.Transforms.Decide()),
            ("our Decide at a threshold", context.Transforms.Decide(positiveClass: "1", threshold: 0.8f)),
            ("our Decide by costs", context.Transforms.Decide(costs: new float[classCount, classCount])),
        ];
        foreach (var (name, estimator) in decisions)
        {
            var decide = estimator.Fit(probabilities);
            var engine = context.Model.CreatePredictionEngine<Probable, Decided>(decide, inputSchemaDefinition: decided);
            var view = decide.Transform(probabilities);
            Ways.Add(new(name, () => ReadKeys(view), () => Predict(engine, known, static answer => answer.PredictedLabel)));
        }
    }

    private Func<float> View(ITransformer? model)
    {
        var view = model?.Transform(scores) ?? scores;
        var column = model is null ? "Score" : "Probability";
        return () => Read(view, column);
    }

    private Func<float> Engine(ITransformer? model)
    {
        if (model is null)
        {
            var reader = context.Model.CreatePredictionEngine<Scored, Scored>(
                new TransformerChain<ITransformer>(), inputSchemaDefinition: schema);
            return () => Predict(reader, rows, static answer => answer.Score[0]);
        }

        var engine = context.Model.CreatePredictionEngine<Scored, Probable>(model, inputSchemaDefinition: schema);
        return () => Predict(engine, rows, static answer => answer.Probability[0]);
    }

    private static void MapByHand(Scored row, Probable result)
    {
        result.Probability = new float[row.Score.Length];
        Handwritten.Softmax(row.Score, result.Probability);
    }

    private static void MapWithLinq(Scored row, Probable result) => result.Probability = Handwritten.LinqSoftmax(row.Score);

    private static float Read(IDataView view, string columnName)
    {
        var column = view.Schema[columnName];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var buffer = default(VBuffer<float>);
        var sum = 0f;
        while (cursor.MoveNext())
        {
            getter(ref buffer);
            sum += buffer.GetValues()[0];
        }

        return sum;
    }

    private static float ReadKeys(IDataView view)
    {
        var column = view.Schema["PredictedLabel"];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<uint>(column);
        var (key, sum) = (0u, 0f);
        while (cursor.MoveNext())
        {
            getter(ref key);
            sum += key;
        }

        return sum;
    }

    /// <summary>One answer object for all rows, so that what is allocated comes from the pipeline.</summary>
    private static float Predict<TRow, TAnswer>(PredictionEngine<TRow, TAnswer> engine, TRow[] rows, Func<TAnswer, float> value)
        where TRow : class
        where TAnswer : class, new()
    {
        var answer = new TAnswer();
        var sum = 0f;
        foreach (var row in rows)
        {
            engine.Predict(row, ref answer);
            sum += value(answer);
        }

        return sum;
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Probable
    {
        public float[] Probability { get; set; } = [];
    }

    private sealed class Decided
    {
        public uint PredictedLabel { get; set; }
    }
}

/// <summary>One way to get the column: over all rows of the cached view, and over all rows through the engine.</summary>
internal sealed record PipelineWay(string Name, Func<float> View, Func<float> Engine);

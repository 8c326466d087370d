using Microsoft.ML;
using Microsoft.ML.Data;

namespace Benchmarks;

/// <summary>Softmax and top-k read together, with a cursor over a cached view, and one row at a time from a PredictionEngine.</summary>
internal static class PipelineLayers
{
    private const int K = 5;

    public static Layer[] All { get; } =
    [
        new("Cursor, 1,000 classes, Probability and TopScores", "row", 100 * 1_000, () => Cursor(1_000, 1_000, repetitions: 100)),
        new("Cursor, 10 classes, Probability and TopScores", "row", 5 * 20_000, () => Cursor(20_000, 10, repetitions: 5)),
        new("PredictionEngine, 10 classes, softmax and top-5", "row", 5 * 20_000, () => Engine(20_000, 10, repetitions: 5)),
    ];

    private static LayerWay[] Cursor(int rowCount, int classCount, int repetitions)
    {
        var (context, _, scores, model) = Create(rowCount, classCount);
        var byHand = context.Transforms.CustomMapping<Scored, Both>(
            (row, both) =>
            {
                both.Probability = new float[row.Score.Length];
                Handwritten.Softmax(row.Score, both.Probability);
                both.TopScores = [.. both.Probability.OrderDescending().Take(K)];
            },
            null).Fit(scores).Transform(scores);
        var ours = model.Transform(scores);
        LayerWay Way(string name, IDataView view, params string[] columns) => new(name, () =>
        {
            for (var repetition = 0; repetition < repetitions; repetition++)
                Read(view, columns);
        });
        return
        [
            Way("CustomMapping, plain loop and LINQ", byHand, "Probability", "TopScores"),
            Way("reading the scores alone", scores, "Score"),
            Way("ours, Probability alone", ours, "Probability"),
            Way("ours, TopScores alone", ours, "TopScores"),
            Way("ours, both", ours, "Probability", "TopScores"),
        ];
    }

    private static LayerWay[] Engine(int rowCount, int classCount, int repetitions)
    {
        var (context, rows, _, model) = Create(rowCount, classCount);
        LayerWay Way<T>(string name, ITransformer transformer)
            where T : class, new()
        {
            var schema = SchemaDefinition.Create(typeof(Scored));
            schema[nameof(Scored.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classCount);
            var engine = context.Model.CreatePredictionEngine<Scored, T>(transformer, inputSchemaDefinition: schema);
            void Predict()
            {
                var answer = new T();
                foreach (var row in rows)
                    engine.Predict(row, ref answer);
            }

            Predict();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Predict();
            var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / rowCount;
            return new($"{name} ({bytes} bytes)", () =>
            {
                for (var repetition = 0; repetition < repetitions; repetition++)
                    Predict();
            });
        }

        return
        [
            Way<Scored>("no step", new TransformerChain<ITransformer>()),
            Way<Probable>("Probability", model),
            Way<Ranked>("Probability, TopScores and TopIndices", model),
            Way<Labelled>("Probability, TopScores and TopLabels", model),
            Way<LabelledWithoutCopies>("Probability, TopScores and TopLabels as VBuffer", model),
        ];
    }

    private static (MLContext Context, Scored[] Rows, IDataView Scores, ITransformer Model) Create(int rowCount, int classCount)
    {
        var context = new MLContext(seed: 1);
        var random = new Random(1);
        Scored[] rows = [.. Enumerable.Range(0, rowCount).Select(_ => new Scored
        {
            Score = [.. Enumerable.Range(0, classCount).Select(_ => (20 * random.NextSingle()) - 10)],
        })];
        var schema = SchemaDefinition.Create(typeof(Scored));
        schema[nameof(Scored.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classCount);
        var scores = context.Data.Cache(context.Data.LoadFromEnumerable(rows, schema));
        var model = context.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits)
            .Append(context.Transforms.TopK("Top", "Probability", K)).Fit(scores);
        return (context, rows, scores, model);
    }

    private static void Read(IDataView view, string[] names)
    {
        var columns = Array.ConvertAll(names, name => view.Schema[name]);
        using var cursor = view.GetRowCursor(columns);
        var getters = Array.ConvertAll(columns, column => cursor.GetGetter<VBuffer<float>>(column));
        var buffers = new VBuffer<float>[columns.Length];
        while (cursor.MoveNext())
        {
            for (var index = 0; index < getters.Length; index++)
                getters[index](ref buffers[index]);
        }
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Both
    {
        public float[] Probability { get; set; } = [];

        public float[] TopScores { get; set; } = [];
    }

    private sealed class Probable
    {
        public float[] Probability { get; set; } = [];
    }

    private sealed class Ranked
    {
        public float[] Probability { get; set; } = [];

        public float[] TopScores { get; set; } = [];

        public uint[] TopIndices { get; set; } = [];
    }

    private sealed class Labelled
    {
        public float[] Probability { get; set; } = [];

        public float[] TopScores { get; set; } = [];

        public string[] TopLabels { get; set; } = [];
    }

    private sealed class LabelledWithoutCopies
    {
        public VBuffer<float> Probability { get; set; }

        public VBuffer<float> TopScores { get; set; }

        public VBuffer<ReadOnlyMemory<char>> TopLabels { get; set; }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Benchmarks;

/// <summary>A softmax column read row by row through ML.NET: ours, and the two ways people write it with CustomMapping.</summary>
internal sealed class PipelineWorkload
{
    private readonly IDataView scores;
    private readonly IDataView ours;
    private readonly IDataView handwritten;
    private readonly IDataView linq;

    public PipelineWorkload(int rowCount, int classCount)
    {
        RowCount = rowCount;
        var context = new MLContext(seed: 1);
        var random = new Random(1);
        var rows = Enumerable.Range(0, rowCount).Select(_ => new Scored { Score = [.. Enumerable.Range(0, classCount).Select(_ => (float)(random.NextDouble() * 20) - 10)] }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Scored));
        schema[nameof(Scored.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classCount);
        scores = context.Data.LoadFromEnumerable(rows, schema);
        ours = context.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits).Fit(scores).Transform(scores);
        handwritten = context.Transforms.CustomMapping<Scored, Probable>(MapByHand, null).Fit(scores).Transform(scores);
        linq = context.Transforms.CustomMapping<Scored, Probable>((row, result) => result.Probability = Handwritten.LinqSoftmax(row.Score), null).Fit(scores).Transform(scores);
    }

    public int RowCount { get; }

    /// <summary>Moves the cursor and reads the input column: what nobody can do without.</summary>
    public float ReadScores() => Read(scores, "Score");

    public float Ours() => Read(ours, "Probability");

    public float ByHand() => Read(handwritten, "Probability");

    public float Linq() => Read(linq, "Probability");

    private static void MapByHand(Scored row, Probable result)
    {
        result.Probability = new float[row.Score.Length];
        Handwritten.Softmax(row.Score, result.Probability);
    }

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

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Probable
    {
        public float[] Probability { get; set; } = [];
    }
}

using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads labels and scores once, row by row.</summary>
internal static class MulticlassEvaluation
{
    public static MulticlassClassificationMetrics Run(
        IDataView data, string labelColumnName, string scoreColumnName, string predictedLabelColumnName, int topKPredictionCount)
    {
        var label = Find(data.Schema, "Label", labelColumnName);
        var score = Find(data.Schema, "Score", scoreColumnName);
        Find(data.Schema, "PredictedLabel", predictedLabelColumnName);
        if (score.Type is not VectorDataViewType { Size: >= 2 } scores || !scores.ItemType.Equals(NumberDataViewType.Single))
            throw Contracts.ExceptSchemaMismatch("schema", "score", score.Name, "vector of two or more items of type Single", score.Type.ToString());
        if (!label.Type.Equals(NumberDataViewType.Single) && label.Type is not KeyDataViewType)
            throw Contracts.ExceptSchemaMismatch("schema", "label", label.Name, "Single or Key", label.Type.ToString());

        var counters = new MulticlassCounters(scores.Size);
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = label.Type is KeyDataViewType
            ? (ValueGetter<float>)GenericMethod.Call(typeof(MulticlassEvaluation), nameof(KeyLabel), [label.Type.RawType], null, cursor, label)
            : cursor.GetGetter<float>(label);
        var getScore = cursor.GetGetter<VBuffer<float>>(score);
        var row = new float[scores.Size];
        VBuffer<float> buffer = default;
        float value = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref value);
            getScore(ref buffer);
            if (buffer.Length != row.Length)
                throw Contracts.Except($"The column '{score.Name}' has {row.Length} slots, but a row has {buffer.Length}.");
            buffer.CopyTo(row);
            counters.Add(value, row);
        }

        return new MulticlassClassificationMetrics(counters, topKPredictionCount, ClassNames(score, scores.Size));
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch(nameof(schema), role, name);

    private static ReadOnlyMemory<char>[] ClassNames(DataViewSchema.Column score, int classCount)
    {
        if (!score.HasSlotNames())
            return [.. Enumerable.Range(0, classCount).Select(index => index.ToString().AsMemory())];
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues()];
    }

    private static ValueGetter<float> KeyLabel<TKey>(DataViewRow row, DataViewSchema.Column column)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        var getKey = row.GetGetter<TKey>(column);
        TKey key = default;
        return (ref float label) =>
        {
            getKey(ref key);
            label = TKey.IsZero(key) ? float.NaN : float.CreateTruncating(key) - 1;
        };
    }
}

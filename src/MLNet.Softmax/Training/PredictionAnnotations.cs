using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Training;

/// <summary>What ML.NET's multiclass trainers write beside Score and PredictedLabel, kind for kind, so that Evaluate and the rest find their way.</summary>
internal static class PredictionAnnotations
{
    private const string SlotNames = "SlotNames";
    private const string KeyValues = "KeyValues";
    private const string TrainingLabelValues = "TrainingLabelValues";
    private const string ScoreColumnSetId = "ScoreColumnSetId";
    private const string ScoreColumnKind = "ScoreColumnKind";
    private const string ScoreValueKind = "ScoreValueKind";

    private static readonly KeyDataViewType ScoreColumnSetIdType = new(typeof(uint), int.MaxValue);

    public static DataViewSchema.Annotations OfScore(LabelValues? labels, uint setId)
    {
        var builder = Common("Score", setId);
        labels?.AddTo(builder, TrainingLabelValues);
        if (labels is { AreText: true })
            labels.AddTo(builder, SlotNames);
        return builder.ToAnnotations();
    }

    public static DataViewSchema.Annotations OfPredictedLabel(LabelValues? labels, uint setId)
    {
        var builder = Common("PredictedLabel", setId);
        labels?.AddTo(builder, KeyValues);
        return builder.ToAnnotations();
    }

    /// <summary>The number that ties Score and PredictedLabel of one model together: one above those already there.</summary>
    public static uint NextSetId(DataViewSchema schema)
    {
        uint highest = 0;
        foreach (var column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId)?.Type is not KeyDataViewType type || type.RawType != typeof(uint))
                continue;
            uint id = 0;
            column.Annotations.GetValue(ScoreColumnSetId, ref id);
            highest = Math.Max(highest, id);
        }

        return highest + 1;
    }

    /// <summary>The shapes of <see cref="OfScore"/> and <see cref="OfPredictedLabel"/> for a label column.</summary>
    public static (SchemaShape Score, SchemaShape PredictedLabel) Shapes(SchemaShape.Column label)
    {
        List<SchemaShape.Column> score = [.. CommonShape()], predicted = [.. CommonShape()];
        foreach (var annotation in label.Annotations)
        {
            if (annotation.Name != KeyValues || annotation.Kind != SchemaShape.Column.VectorKind.Vector)
                continue;
            predicted.Add(annotation);
            score.Add(SchemaShapes.Vector(TrainingLabelValues, annotation.ItemType));
            if (annotation.ItemType is TextDataViewType)
                score.Add(SchemaShapes.Vector(SlotNames, TextDataViewType.Instance));
        }

        return (new SchemaShape(score), new SchemaShape(predicted));
    }

    private static DataViewSchema.Annotations.Builder Common(string valueKind, uint setId)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        builder.AddPrimitiveValue(ScoreColumnSetId, ScoreColumnSetIdType, setId);
        builder.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return builder;
    }

    private static IEnumerable<SchemaShape.Column> CommonShape() =>
    [
        new SchemaShape.Column(ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true),
        SchemaShapes.Scalar(ScoreColumnKind, TextDataViewType.Instance),
        SchemaShapes.Scalar(ScoreValueKind, TextDataViewType.Instance),
    ];
}

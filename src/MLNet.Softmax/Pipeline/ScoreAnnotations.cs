using System.Reflection;

namespace MLNet.Softmax.Pipeline;

/// <summary>ML.NET's annotations of a column of class scores: the class names, and the kind of the values.</summary>
internal static class ScoreAnnotations
{
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";

    /// <summary>The value of <see cref="ScoreValueKind"/> on probabilities.</summary>
    public const string Probability = "Probability";

    /// <summary>The value of <see cref="ScoreValueKind"/> on logits, log-probabilities and other scores.</summary>
    public const string Score = "Score";

    private const string MulticlassClassification = "MulticlassClassification";
    private const string PredictedLabel = "PredictedLabel";

    private static readonly MethodInfo AddKeyValuesOfType =
        typeof(ScoreAnnotations).GetMethod(nameof(AddKeyValues), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>
    /// The class names of <paramref name="scores"/>, marked as multiclass values of the kind <paramref name="valueKind"/>.
    /// </summary>
    public static DataViewSchema.Annotations Of(DataViewSchema.Column scores, string valueKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(scores.Annotations, IsClassNames);
        // Number, boolean and date labels have no SlotNames, which other components use to find a class.
        if (scores.Annotations.Schema.GetColumnOrNull(SlotNames) is null && scores.Type is VectorDataViewType { IsKnownSize: true } type
            && ClassLabels.Read(scores, TrainingLabelValues, type.Size) is { } names)
            builder.AddSlotNames(type.Size, (ref VBuffer<ReadOnlyMemory<char>> slots) =>
                slots = new(names.Length, Array.ConvertAll(names, name => name.AsMemory())));
        builder.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, MulticlassClassification.AsMemory());
        builder.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return builder.ToAnnotations();
    }

    /// <summary>The shape of what <see cref="Of"/> gives.</summary>
    public static SchemaShape ShapeOf(SchemaShape.Column scores) => new(
    [
        .. scores.Annotations.Where(annotation => IsClassNames(annotation.Name)),
        .. scores.Annotations.Any(annotation => annotation.Name == TrainingLabelValues)
            && scores.Annotations.All(annotation => annotation.Name != SlotNames)
            ? [SchemaShapes.Vector(SlotNames, TextDataViewType.Instance)]
            : Array.Empty<SchemaShape.Column>(),
        SchemaShapes.Scalar(ScoreColumnKind, TextDataViewType.Instance),
        SchemaShapes.Scalar(ScoreValueKind, TextDataViewType.Instance),
    ]);

    /// <summary>
    /// The annotations of a key that represents a class of <paramref name="scores"/>: its values are the TrainingLabelValues, of any type,
    /// else the SlotNames.
    /// </summary>
    public static DataViewSchema.Annotations OfKey(DataViewSchema.Column scores, int classCount)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var values = new[] { TrainingLabelValues, SlotNames }.Select(scores.Annotations.Schema.GetColumnOrNull)
            .FirstOrDefault(column => column?.Type is VectorDataViewType type && type.Size == classCount);
        if (values is { Type: VectorDataViewType { ItemType.RawType: var raw } } found)
            AddKeyValuesOfType.MakeGenericMethod(raw).Invoke(null, [builder, scores.Annotations, found]);
        builder.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, MulticlassClassification.AsMemory());
        builder.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, PredictedLabel.AsMemory());
        return builder.ToAnnotations();
    }

    /// <summary>The shape of what <see cref="OfKey"/> gives.</summary>
    public static SchemaShape KeyShapeOf(SchemaShape.Column scores)
    {
        var annotations = scores.Annotations.ToDictionary(annotation => annotation.Name);
        SchemaShape.Column[] marks =
            [
                SchemaShapes.Scalar(ScoreColumnKind, TextDataViewType.Instance),
                SchemaShapes.Scalar(ScoreValueKind, TextDataViewType.Instance),
            ];
        return annotations.TryGetValue(TrainingLabelValues, out var values) || annotations.TryGetValue(SlotNames, out values)
            ? new([SchemaShapes.Vector(AnnotationUtils.Kinds.KeyValues, values.ItemType), .. marks])
            : new(marks);
    }

    private static void AddKeyValues<T>(
        DataViewSchema.Annotations.Builder builder, DataViewSchema.Annotations source, DataViewSchema.Column values) =>
        builder.Add(AnnotationUtils.Kinds.KeyValues, values.Type, source.GetGetter<VBuffer<T>>(values));

    private static bool IsClassNames(string annotation) => annotation is SlotNames or TrainingLabelValues;
}

/// <summary>Makes columns of a <see cref="SchemaShape"/>, which tell ML.NET what an estimator will add.</summary>
internal static class SchemaShapes
{
    public static SchemaShape.Column Scalar(string name, DataViewType type, SchemaShape? annotations = null) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false, annotations);

    public static SchemaShape.Column Vector(string name, DataViewType itemType, SchemaShape? annotations = null) =>
        new(name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false, annotations);

    /// <summary>
    /// The columns of <paramref name="shape"/> with <paramref name="added"/>, each of which replaces a column of the same name.
    /// </summary>
    public static SchemaShape With(this SchemaShape shape, params SchemaShape.Column[] added) =>
        new([.. shape.Where(column => !added.Any(other => other.Name == column.Name)), .. added]);
}

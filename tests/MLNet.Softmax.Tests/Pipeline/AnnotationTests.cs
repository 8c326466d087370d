namespace MLNet.Softmax.Tests;

public class AnnotationTests
{
    private static readonly string[] Animals = ["ant", "bee", "cat"];

    private readonly MLContext _mlContext = new(seed: 1);

    private DataViewSchema Schema(DataViewSchema.Annotations? annotations = null) => _mlContext.Transforms.Softmax("P", "Score")
        .Append(_mlContext.Transforms.LogSoftmax("Log", "Score"))
        .FitTransform(new MemoryView().WithScores("Score", [3], [[1, 2, 3]], annotations)).Schema;

    [Fact]
    public void ClassNames_AreCopiedToTheOutput()
    {
        var names = Labels.Merge(Labels.SlotNames(Animals), Labels.TrainingLabelValues(NumberDataViewType.Int32, 4, 5, 6));
        var schema = Schema(names);

        foreach (var name in new[] { "P", "Log" })
        {
            Assert.Equal(Animals, schema[name].TextAnnotation("SlotNames"));
            VBuffer<int> values = default;
            schema[name].Annotations.GetValue("TrainingLabelValues", ref values);
            Assert.Equal([4, 5, 6], values.DenseValues());
        }
    }

    [Fact]
    public void LabelsThatAreNoText_BecomeSlotNames()
    {
        string[] NamesOf(DataViewSchema.Annotations labels) => Schema(labels)["P"].TextAnnotation("SlotNames");
        var days = new[] { 1, 2, 3 }.Select(day => new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc)).ToArray();

        Assert.Equal(["4", "5", "6"], NamesOf(Labels.TrainingLabelValues(NumberDataViewType.Int32, 4, 5, 6)));
        Assert.Equal(["0.5", "1.5", "2"], NamesOf(Labels.TrainingLabelValues(NumberDataViewType.Double, 0.5, 1.5, 2)));
        Assert.StartsWith(
            "2026-01-01T", NamesOf(Labels.TrainingLabelValues(DateTimeDataViewType.Instance, days))[0], StringComparison.Ordinal);

        // README's threshold recipe finds a class by its slot.
        VBuffer<ReadOnlyMemory<char>> slots = default;
        Schema(Labels.TrainingLabelValues(BooleanDataViewType.Instance, false, true, false))["P"].GetSlotNames(ref slots);
        Assert.Equal("True", slots.GetItemOrDefault(1).ToString());
    }

    [Fact]
    public void TheOutput_IsMarkedAsMulticlassProbabilities()
    {
        var schema = Schema();
        Assert.Equal("MulticlassClassification", schema["P"].SingleTextAnnotation("ScoreColumnKind"));
        Assert.Equal("Probability", schema["P"].SingleTextAnnotation("ScoreValueKind"));
        Assert.Equal("MulticlassClassification", schema["Log"].SingleTextAnnotation("ScoreColumnKind"));
        Assert.Equal("Score", schema["Log"].SingleTextAnnotation("ScoreValueKind"));
    }

    [Fact]
    public void OtherAnnotations_AreNotCopied()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, "Score".AsMemory());
        var schema = Schema(builder.ToAnnotations());

        Assert.Null(schema["P"].Annotations.Schema.GetColumnOrNull("IsNormalized"));
        Assert.Equal("Probability", schema["P"].SingleTextAnnotation("ScoreValueKind"));
    }

    [Fact]
    public void TheSchemaShape_PromisesWhatTheSchemaHolds()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]], Labels.SlotNames(Animals));
        var promised = _mlContext.Transforms.Softmax("P", "Score").GetOutputSchema(ShapeOf(data));
        var column = promised.Single(shape => shape.Name == "P");
        Assert.Equal((SchemaShape.Column.VectorKind.Vector, false), (column.Kind, column.IsKey));
        Assert.Equal(NumberDataViewType.Single, column.ItemType);
        var held = Schema(Labels.SlotNames(Animals))["P"].Annotations.Schema.Select(annotation => annotation.Name);
        Assert.Equal(held.Order(), column.Annotations.Select(annotation => annotation.Name).Order());
        var top = _mlContext.Transforms.TopK("Out", "Score").GetOutputSchema(ShapeOf(data)).Select(shape => shape.Name);
        Assert.Equal(["OutIndices", "OutLabels", "OutScores", "Score"], top.Order());

        var twice = data.WithScores("OutScores", [3], [[1, 2, 3]]);
        top = _mlContext.Transforms.TopK("Out", "Score").GetOutputSchema(ShapeOf(twice)).Select(shape => shape.Name);
        Assert.Equal(["OutIndices", "OutLabels", "OutScores", "Score"], top.Order());
    }

    private static SchemaShape ShapeOf(IDataView data) => new(data.Schema.Select(column =>
        SchemaShapes.Vector(column.Name, NumberDataViewType.Single, new SchemaShape(
            column.Annotations.Schema.Select(annotation => SchemaShapes.Vector(annotation.Name, TextDataViewType.Instance))))));
}

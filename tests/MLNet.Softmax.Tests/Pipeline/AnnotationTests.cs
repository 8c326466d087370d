namespace MLNet.Softmax.Tests;

public class AnnotationTests
{
    private static readonly string[] Animals = ["ant", "bee", "cat"];

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void ClassNames_AreCopiedToTheOutput()
    {
        var names = Labels.Merge(Labels.SlotNames(Animals), Labels.TrainingLabelValues(NumberDataViewType.Int32, 4, 5, 6));
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]], names);

        var schema = _mlContext.Transforms.Softmax("P", "Score").Append(_mlContext.Transforms.LogSoftmax("Log", "Score")).Fit(data).GetOutputSchema(data.Schema);

        foreach (var name in new[] { "P", "Log" })
        {
            Assert.Equal(Animals, schema[name].TextAnnotation("SlotNames"));
            VBuffer<int> values = default;
            schema[name].Annotations.GetValue("TrainingLabelValues", ref values);
            Assert.Equal([4, 5, 6], values.DenseValues());
        }
    }

    [Fact]
    public void TheOutput_IsMarkedAsMulticlassProbabilities()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);

        var schema = _mlContext.Transforms.Softmax("P", "Score").Append(_mlContext.Transforms.LogSoftmax("Log", "Score")).Fit(data).GetOutputSchema(data.Schema);

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
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]], builder.ToAnnotations());

        var schema = _mlContext.Transforms.Softmax("P", "Score").Fit(data).GetOutputSchema(data.Schema);

        Assert.Null(schema["P"].Annotations.Schema.GetColumnOrNull("IsNormalized"));
        Assert.Equal("Probability", schema["P"].SingleTextAnnotation("ScoreValueKind"));
    }

    [Fact]
    public void TheSchemaShape_PromisesWhatTheSchemaHolds()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]], Labels.SlotNames(Animals));
        var pipeline = _mlContext.Transforms.CopyColumns("Copy", "Score").Append(_mlContext.Transforms.Softmax("P", "Score")).Append(_mlContext.Transforms.TopK("Top", "P"));

        var model = pipeline.Fit(data);

        var promised = _mlContext.Transforms.Softmax("P", "Score").GetOutputSchema(ShapeOf(data));
        var column = promised.Single(shape => shape.Name == "P");
        Assert.Equal((SchemaShape.Column.VectorKind.Vector, false), (column.Kind, column.IsKey));
        Assert.Equal(NumberDataViewType.Single, column.ItemType);
        var held = model.GetOutputSchema(data.Schema)["P"].Annotations.Schema.Select(annotation => annotation.Name);
        Assert.Equal(held.Order(), column.Annotations.Select(annotation => annotation.Name).Order());
        Assert.Equal(["OutIndices", "OutLabels", "OutScores", "Score"], _mlContext.Transforms.TopK("Out", "Score").GetOutputSchema(ShapeOf(data)).Select(shape => shape.Name).Order());
    }

    private static SchemaShape ShapeOf(IDataView data) => new(data.Schema.Select(column =>
        SchemaShapes.Vector(column.Name, NumberDataViewType.Single, new SchemaShape(
            column.Annotations.Schema.Select(annotation => SchemaShapes.Vector(annotation.Name, TextDataViewType.Instance))))));
}

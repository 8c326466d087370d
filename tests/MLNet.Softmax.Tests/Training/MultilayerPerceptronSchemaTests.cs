namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronSchemaTests : MultilayerPerceptronTestBase
{
    [Fact]
    public void Transform_TextLabels_AnnotatesAsMLNetDoes()
    {
        var data = Blobs();
        var schema = Trainer().FitTransform(data).Schema;

        Assert.Equal(["PredictedLabel", "Score"], schema.Skip(data.Schema.Count).Select(column => column.Name));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Score"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["PredictedLabel"].Type);
        Assert.Equal(["a", "b", "c"], schema["Score"].TextAnnotation("SlotNames"));
        Assert.Equal(["a", "b", "c"], schema["Score"].TextAnnotation("TrainingLabelValues"));
        Assert.Equal(["a", "b", "c"], schema["PredictedLabel"].TextAnnotation("KeyValues"));
        Assert.Equal("MulticlassClassification", schema["Score"].SingleTextAnnotation("ScoreColumnKind"));
        Assert.Equal("MulticlassClassification", schema["PredictedLabel"].SingleTextAnnotation("ScoreColumnKind"));
        Assert.Equal("Score", schema["Score"].SingleTextAnnotation("ScoreValueKind"));
        Assert.Equal("PredictedLabel", schema["PredictedLabel"].SingleTextAnnotation("ScoreValueKind"));
        Assert.Equal((1u, 1u), (SetId(schema["Score"]), SetId(schema["PredictedLabel"])));
    }

    [Fact]
    public void Transform_SecondModel_GetsTheNextScoreSet()
    {
        var data = Blobs();
        var first = Trainer().FitTransform(data);
        Assert.Equal(2u, SetId(Trainer().FitTransform(first).Schema["Score"]));
    }

    [Fact]
    public void Transform_NumericLabels_NamesThemWithoutSlotNames()
    {
        var data = BlobRow.Keyed(MlContext, Load(BlobRow.Create(1).Select(
            row => new LabelledRow<int> { Features = row.Features, Label = 10 * (row.Label[0] - 'a') })));
        var score = Trainer().FitTransform(data).Schema["Score"];

        VBuffer<int> values = default;
        score.Annotations.GetValue("TrainingLabelValues", ref values);
        Assert.Equal([0, 10, 20], values.DenseValues());
        Assert.Null(score.Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [Fact]
    public void GetOutputSchema_Estimator_AgreesWithTheTransformer()
    {
        var loaded = MlContext.Data.LoadFromEnumerable(BlobRow.Create(1));
        var recorder = new ShapeRecorder(MlContext.Transforms.CopyColumns("Copy", "Score"));
        var estimator = MlContext.Transforms.Conversion.MapValueToKey("Label").Append(Trainer()).Append(recorder);

        var schema = estimator.Fit(loaded).GetOutputSchema(loaded.Schema);

        foreach (var name in new[] { "Score", "PredictedLabel" })
        {
            var column = recorder.Seen!.Single(candidate => candidate.Name == name);
            var annotations = schema[name].Annotations.Schema.Select(annotation => annotation.Name);
            Assert.Equal(annotations.Order(), column.Annotations.Select(annotation => annotation.Name).Order());
            Assert.Equal(schema[name].Type is KeyDataViewType, column.IsKey);
            Assert.Equal(schema[name].Type is VectorDataViewType, column.Kind == SchemaShape.Column.VectorKind.Vector);
        }
    }

    [Fact]
    public void Transform_BesideMLNetsOwnTrainer_HasTheSameColumnsAndAnnotations()
    {
        var lbfgs = MlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var data = Blobs();
        Assert.Equal(
            Describe(lbfgs.Fit(data).GetOutputSchema(data.Schema)), Describe(Trainer().Fit(data).GetOutputSchema(data.Schema)));
    }

    private MultilayerPerceptronTrainer Trainer() => Create(new() { EpochCount = 1 });

    private static List<string> Describe(DataViewSchema schema) =>
    [
        .. schema.Select(column => $"{column.Name}: {column.Type}; " + string.Join("; ", column.Annotations.Schema
            .Select(annotation => $"{annotation.Name} {annotation.Type}").Order(StringComparer.Ordinal))),
    ];

    private static uint SetId(DataViewSchema.Column column)
    {
        uint id = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref id);
        return id;
    }

    /// <summary>Keeps the shape that the chain before it promised; Fit asks the whole chain for it.</summary>
    private sealed class ShapeRecorder(IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => inner.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            Seen = inputSchema;
            return inner.GetOutputSchema(inputSchema);
        }
    }
}

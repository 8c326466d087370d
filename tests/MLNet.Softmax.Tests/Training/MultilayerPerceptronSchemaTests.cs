namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronSchemaTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Transform_TextLabels_AnnotatesAsMLNetDoes()
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var schema = Trainer().Fit(data).Transform(data).Schema;

        Assert.Equal(["PredictedLabel", "Score"], schema.Skip(data.Schema.Count).Select(column => column.Name));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Score"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["PredictedLabel"].Type);
        Assert.Equal("a,b,c", Texts(schema["Score"], "SlotNames"));
        Assert.Equal("a,b,c", Texts(schema["Score"], "TrainingLabelValues"));
        Assert.Equal("a,b,c", Texts(schema["PredictedLabel"], "KeyValues"));
        Assert.Equal("MulticlassClassification", Text(schema["Score"], "ScoreColumnKind"));
        Assert.Equal("MulticlassClassification", Text(schema["PredictedLabel"], "ScoreColumnKind"));
        Assert.Equal("Score", Text(schema["Score"], "ScoreValueKind"));
        Assert.Equal("PredictedLabel", Text(schema["PredictedLabel"], "ScoreValueKind"));
        Assert.Equal((1u, 1u), (SetId(schema["Score"]), SetId(schema["PredictedLabel"])));
    }

    [Fact]
    public void Transform_SecondModel_GetsTheNextScoreSet()
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var first = Trainer().Fit(data).Transform(data);
        var second = Trainer().Fit(first).Transform(first);

        Assert.Equal(2u, SetId(second.Schema["Score"]));
    }

    [Fact]
    public void Transform_NumericLabels_NamesThemWithoutSlotNames()
    {
        var rows = BlobRow.Create(1).Select(row => new NumberedRow { Features = row.Features, Label = 10 * (row.Label[0] - 'a') });
        var loaded = _mlContext.Data.LoadFromEnumerable(rows);
        var data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(loaded).Transform(loaded);

        var score = Trainer().Fit(data).Transform(data).Schema["Score"];

        VBuffer<int> values = default;
        score.Annotations.GetValue("TrainingLabelValues", ref values);
        Assert.Equal([0, 10, 20], values.DenseValues());
        Assert.Null(score.Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [Fact]
    public void GetOutputSchema_Estimator_AgreesWithTheTransformer()
    {
        var loaded = _mlContext.Data.LoadFromEnumerable(BlobRow.Create(1));
        var recorder = new ShapeRecorder(_mlContext.Transforms.CopyColumns("Copy", "Score"));
        var estimator = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(Trainer()).Append(recorder);

        var schema = estimator.Fit(loaded).GetOutputSchema(loaded.Schema);

        foreach (var name in new[] { "Score", "PredictedLabel" })
        {
            var column = recorder.Seen!.Single(candidate => candidate.Name == name);
            Assert.Equal(schema[name].Annotations.Schema.Select(annotation => annotation.Name).Order(), column.Annotations.Select(annotation => annotation.Name).Order());
            Assert.Equal(schema[name].Type is KeyDataViewType, column.IsKey);
            Assert.Equal(schema[name].Type is VectorDataViewType, column.Kind == SchemaShape.Column.VectorKind.Vector);
        }
    }

    [Fact]
    public void Transform_BesideMLNetsOwnTrainer_HasTheSameColumnsAndAnnotations()
    {
        var lbfgs = _mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));

        var expected = Describe(lbfgs.Fit(data).GetOutputSchema(data.Schema));
        var actual = Describe(Trainer().Fit(data).GetOutputSchema(data.Schema));

        Assert.Equal(expected, actual);
    }

    private MultilayerPerceptronTrainer Trainer() => _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(epochCount: 1);

    private static List<string> Describe(DataViewSchema schema) =>
    [
        .. schema.Select(column => $"{column.Name}: {column.Type}; " +
            string.Join("; ", column.Annotations.Schema.Select(annotation => $"{annotation.Name} {annotation.Type}").Order(StringComparer.Ordinal))),
    ];

    private static string Texts(DataViewSchema.Column column, string annotation)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(annotation, ref values);
        return string.Join(",", values.DenseValues());
    }

    private static string Text(DataViewSchema.Column column, string annotation)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(annotation, ref value);
        return value.ToString();
    }

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

    private sealed class NumberedRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public int Label { get; set; }
    }
}

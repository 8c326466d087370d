namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronErrorTests
{
    /// <summary>Objects hold labels from 0; what is no class becomes a missing key.</summary>
    private const uint NoLabel = 99;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<MultilayerPerceptronOptions, string, string> OptionsOutOfRange() => new()
    {
        { new() { HiddenLayers = [8, 0] }, "HiddenLayers", "0" },
        { new() { EpochCount = 0 }, "EpochCount", "0" },
        { new() { BatchSize = -1 }, "BatchSize", "-1" },
        { new() { Patience = 0 }, "Patience", "0" },
        { new() { LearningRate = 0 }, "LearningRate", "0" },
        { new() { LearningRate = float.NaN }, "LearningRate", "NaN" },
        { new() { L2Regularization = -1 }, "L2Regularization", "-1" },
        { new() { L2Regularization = float.PositiveInfinity }, "L2Regularization", "∞" },
        { new() { LabelSmoothing = 1 }, "LabelSmoothing", "1" },
        { new() { LabelSmoothing = float.NaN }, "LabelSmoothing", "NaN" },
        { new() { ValidationShare = 1 }, "ValidationShare", "1" },
        { new() { ClassWeights = [1, -2] }, "ClassWeights", "-2" },
    };

    [Theory]
    [MemberData(nameof(OptionsOutOfRange))]
    public void MultilayerPerceptron_OptionOutOfRange_NamesItAndTheValue(MultilayerPerceptronOptions options, string name, string value)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options));

        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(value.Replace("∞", exception.ActualValue?.ToString(), StringComparison.Ordinal), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MultilayerPerceptron_ContradictoryOptions_AreRefused()
    {
        Throws<ArgumentException>(() => Create(new() { ClassWeights = [0, 0] }), "Every class weight is 0");
        Throws<ArgumentException>(() => Create(new() { ClassWeights = [1, 1], BalanceClasses = true }), "BalanceClasses");
        Throws<ArgumentException>(() => Create(new() { LabelColumnName = " " }), "LabelColumnName");
        Throws<ArgumentException>(() => Create(new() { ExampleWeightColumnName = " " }), "ExampleWeightColumnName");
        Assert.Throws<ArgumentNullException>(() => _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options: null!));
    }

    [Fact]
    public void Fit_MissingColumn_NamesItAndThoseThatAreThere() =>
        Throws<ArgumentOutOfRangeException>(() => Create(new() { FeatureColumnName = "Pixels" }).Fit(Blobs()), "'Pixels'", "'Features'");

    [Fact]
    public void Fit_LabelThatIsNoKey_SaysWhatToDo()
    {
        var data = _mlContext.Data.LoadFromEnumerable(BlobRow.Create(1));

        Throws<ArgumentOutOfRangeException>(() => Create(new()).Fit(data), "'Label'", "String", "MapValueToKey");
        Throws<ArgumentOutOfRangeException>(() => new EstimatorChain<ITransformer>().Append(Create(new())).Fit(data), "'Label'", "String", "MapValueToKey");
    }

    [Fact]
    public void Fit_WeightColumnThatIsMissingOrNoSingle_NamesIt()
    {
        Throws<ArgumentOutOfRangeException>(() => Create(new() { ExampleWeightColumnName = "Importance" }).Fit(Blobs()), "'Importance'", "'Features'");
        Throws<ArgumentOutOfRangeException>(() => Create(new() { ExampleWeightColumnName = "Features" }).Fit(Blobs()), "'Features'", "Vector<Single, 2>", "Single is expected");
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_WeightThatIsNegativeOrNotFinite_NamesRowAndValue(float weight)
    {
        WeightedRow[] rows = [new() { Label = 0 }, new() { Label = 1, Weight = weight }];

        Throws<InvalidOperationException>(
            () => Create(new() { ExampleWeightColumnName = "Weight" }).Fit(_mlContext.Data.LoadFromEnumerable(rows)), "'Weight'", $"{weight}", "row 1");
    }

    [Fact]
    public void Fit_NoRowWithWeight_SaysSo()
    {
        WeightedRow[] rows = [new() { Label = 0, Weight = 0 }, new() { Label = 1, Weight = 0 }];

        Throws<InvalidOperationException>(
            () => Create(new() { ExampleWeightColumnName = "Weight" }).Fit(_mlContext.Data.LoadFromEnumerable(rows)), "2 rows", "weight 0", "'Weight'");
    }

    [Fact]
    public void Fit_LabelKeyThatDoesNotKnowItsCount_IsRefused() =>
        Throws<ArgumentOutOfRangeException>(() => Fit(new Row<float[]> { Features = [1f, 2f] }, schema => schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), uint.MaxValue)), "'Label'", "Key<UInt32", "MapValueToKey");

    [Fact]
    public void Fit_LabelKeyOfAnotherSize_IsRefused() =>
        Throws<ArgumentOutOfRangeException>(() => Create(new()).Fit(_mlContext.Data.LoadFromEnumerable([new ByteKeyRow()])), "'Label'", "Key<Byte");

    [Fact]
    public void Fit_ScalarFeature_NamesTheTypes() =>
        Throws<ArgumentOutOfRangeException>(() => Fit(new Row<float>()), "'Features'", "Single", "Vector<Single>");

    [Fact]
    public void Fit_DoubleFeatures_NamesTheTypes() =>
        Throws<ArgumentOutOfRangeException>(() => Fit(new Row<double[]> { Features = [1] }, schema => schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 1)), "'Features'", "Double", "Vector<Single>");

    [Fact]
    public void Fit_FeaturesOfUnknownSize_SaysWhatToDo() =>
        Throws<ArgumentOutOfRangeException>(() => Fit(new Row<float[]> { Features = [1f] }), "'Features'", "unknown size", "VectorType");

    [Fact]
    public void Fit_NoRows_SaysSo()
    {
        Throws<InvalidOperationException>(() => Create(new()).Fit(Keyed()), "training data has no rows");
        Throws<InvalidOperationException>(() => Create(new()).Fit(Blobs(), _mlContext.Data.SkipRows(Blobs(), 1000)), "validation data has no rows");
        Throws<InvalidOperationException>(() => Create(new()).Fit(Keyed(([1f, 2f], NoLabel))), "1 rows, all without a label", "'Label'");
    }

    [Fact]
    public void Fit_OneClassOnly_NamesIt()
    {
        Throws<InvalidOperationException>(() => Create(new()).Fit(BlobRow.View(_mlContext, BlobRow.Create(1).Where(row => row.Label == "b"))), "'Label'", "'b'");
        Throws<InvalidOperationException>(() => Create(new()).Fit(Keyed(([1f, 2f], 2), ([2f, 2f], 2))), "'Label'", "key 3");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_FeatureThatIsNotFinite_NamesRowAndSlot(float value) =>
        Throws<InvalidOperationException>(() => Create(new()).Fit(Keyed(([1f, 2f], 0), ([2f, value], 1))), "'Features'", value.ToString(), "row 1", "slot 1");

    [Fact]
    public void Fit_LabelOutsideTheKeysClasses_NamesRowAndClasses()
    {
        var source = Keyed(([1f, 2f], 0), ([2f, 1f], 1));
        var keyType = new KeyDataViewType(typeof(uint), 3);
        var mapping = new RowMapping(source.Schema, [], [new("Label", keyType, null)], row => [(ValueGetter<uint>)((ref uint key) => key = 7)]);

        Throws<InvalidOperationException>(
            () => Create(new()).Fit(new MappedDataView(null!, mapping, source)), "'Label'", "key 7", "row 0", "3 classes");
    }

    [Fact]
    public void Fit_ClassWeightsOfAnotherCount_NamesBoth() =>
        Throws<ArgumentException>(() => Create(new() { ClassWeights = [1f, 2f] }).Fit(Blobs()), "2 class weights", "3 classes");

    [Fact]
    public void Fit_ValidationOfOtherClasses_NamesBoth() =>
        Throws<ArgumentException>(
            () => Create(new()).Fit(Blobs(), BlobRow.View(_mlContext, BlobRow.Create(1).AsEnumerable().Reverse())), "[c, b, a]", "[a, b, c]", "MapValueToKey");

    [Fact]
    public void Transform_OtherFeatureCount_NamesBoth() =>
        Throws<InvalidOperationException>(
            () => Create(new() { EpochCount = 1 }).Fit(Blobs()).Transform(_mlContext.Data.LoadFromEnumerable([new WideRow()])), "Vector<Single, 3>", "Vector<Single, 2>");

    [Fact]
    public void Fit_LearningRateFarTooHigh_SaysThatItDiverged() =>
        Throws<InvalidOperationException>(() => Create(new() { LearningRate = 1e30f, HiddenLayers = [8, 8] }).Fit(Blobs()), "diverged");

    private static void Throws<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        var exception = Assert.ThrowsAny<TException>(action);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    private MultilayerPerceptronTrainer Create(MultilayerPerceptronOptions options) => _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options);

    private IDataView Blobs() => BlobRow.View(_mlContext, BlobRow.Create(1));

    private IDataView Keyed(params (float[] Features, uint Label)[] rows) =>
        _mlContext.Data.LoadFromEnumerable(rows.Select(row => new KeyRow { Features = row.Features, Label = row.Label }));

    private void Fit<T>(Row<T> row, Action<SchemaDefinition>? change = null)
    {
        var schema = SchemaDefinition.Create(typeof(Row<T>));
        change?.Invoke(schema);
        Create(new()).Fit(_mlContext.Data.LoadFromEnumerable([row], schema));
    }

    private sealed class Row<T>
    {
        public T Features { get; set; } = default!;

        [KeyType(3)]
        public uint Label { get; set; } = 1;
    }

    private sealed class KeyRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class WeightedRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1f, 2f];

        [KeyType(3)]
        public uint Label { get; set; }

        public float Weight { get; set; } = 1;
    }

    private sealed class ByteKeyRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1f, 2f];

        [KeyType(3)]
        public byte Label { get; set; }
    }

    private sealed class WideRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1f, 2f, 3f];
    }
}

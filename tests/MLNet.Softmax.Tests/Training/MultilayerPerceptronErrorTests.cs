namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronErrorTests : MultilayerPerceptronTestBase
{
    private const uint NoLabel = 99;

    public static TheoryData<MultilayerPerceptronOptions, string, string> OptionsOutOfRange() => new()
    {
        { new() { HiddenLayers = [8, 0] }, "HiddenLayers", "0" },
        { new() { HiddenLayers = [0, 8] }, "HiddenLayers", "0" },
        { new() { BatchSize = 0 }, "BatchSize", "0" },
        { new() { LearningRate = float.PositiveInfinity }, "LearningRate", "∞" },
        { new() { LearningRate = -float.Epsilon }, "LearningRate", "" },
        { new() { L2Regularization = -float.Epsilon }, "L2Regularization", "" },
        { new() { L2Regularization = float.NaN }, "L2Regularization", "NaN" },
        { new() { LabelSmoothing = -float.Epsilon }, "LabelSmoothing", "" },
        { new() { ValidationShare = -float.Epsilon }, "ValidationShare", "" },
        { new() { ValidationShare = float.NaN }, "ValidationShare", "NaN" },
        { new() { ClassWeights = [float.PositiveInfinity, 1] }, "ClassWeights", "∞" },
        { new() { ClassWeights = [1, float.NaN] }, "ClassWeights", "NaN" },
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
        var error = Refusal.Of<ArgumentOutOfRangeException>(() => Create(options), name);
        Assert.Contains(value.Replace("∞", $"{error.ActualValue}", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MultilayerPerceptron_OptionsAtTheirLimits_AreAccepted()
    {
        var below1 = MathF.BitDecrement(1);
        MultilayerPerceptronOptions[] atTheirLimits =
        [
            new() { HiddenLayers = [1], EpochCount = 1, BatchSize = 1, Patience = 1 },
            new() { LearningRate = float.Epsilon, L2Regularization = 0, LabelSmoothing = 0, ValidationShare = 0, ClassWeights = [0, 1] },
            new() { LearningRate = float.MaxValue, L2Regularization = float.MaxValue, ClassWeights = [float.MaxValue] },
            new() { LabelSmoothing = below1, ValidationShare = below1, BalanceClasses = true },
        ];
        Assert.All(atTheirLimits, options => Assert.NotNull(Create(options)));
    }

    [Fact]
    public void BalanceClasses_WeightsAClassByRowsOverClassesTimesItsRows()
    {
        var options = new MultilayerPerceptronOptions { BalanceClasses = true, L2Regularization = 0.5f, LabelSmoothing = 0.25f };
        var objective = options.CreateObjective([1, 3, 0]);
        Assert.Equal([4f / (3 * 1), 4f / (3 * 3), 0], objective.ClassWeights);
        Assert.Equal((0.5f, 0.25f), (objective.L2Regularization, objective.LabelSmoothing));
        Assert.Equal([2f, 0.5f], new MultilayerPerceptronOptions { ClassWeights = [2, 0.5f] }.CreateObjective([1, 3]).ClassWeights);
        Assert.Empty(new MultilayerPerceptronOptions().CreateObjective([1, 3]).ClassWeights);
    }

    [Fact]
    public void Fit_ClassesOfLittleWeight_AreClassesAllTheSame()
    {
        KeyedRow[] rows = [new() { Label = 0, Weight = 0.25f }, new() { Label = 1, Weight = 3 }];
        Assert.NotNull(Create(new() { ExampleWeightColumnName = "Weight", EpochCount = 1 }).Fit(Load(rows)));
    }

    [Fact]
    public void MultilayerPerceptron_ContradictoryOptions_AreRefused()
    {
        Refusal.Of<ArgumentException>(() => Create(new() { FeatureColumnName = " " }), "FeatureColumnName");
        Refusal.Of<ArgumentException>(() => Create(new() { ClassWeights = [0, 0] }), "Every class weight is 0");
        Refusal.Of<ArgumentException>(() => Create(new() { ClassWeights = [1, 1], BalanceClasses = true }), "BalanceClasses");
        Refusal.Of<ArgumentException>(() => Create(new() { LabelColumnName = " " }), "LabelColumnName");
        Refusal.Of<ArgumentException>(() => Create(new() { ExampleWeightColumnName = " " }), "ExampleWeightColumnName");
        Refusal.Of<ArgumentNullException>(() => Create(null!));
    }

    [Fact]
    public void Fit_MissingColumn_NamesItAndThoseThatAreThere()
    {
        RefusesColumn(Blobs(), new() { FeatureColumnName = "Pixels" }, "'Pixels'", "'Features'");
        RefusesColumn(Blobs(), new() { ExampleWeightColumnName = "Pixels" }, "'Pixels'", "'Features'");
    }

    [Fact]
    public void Fit_LabelThatIsNoKey_SaysWhatToDo()
    {
        var data = Load(BlobRow.Create(1));
        var chain = new EstimatorChain<ITransformer>().Append(Create(new()));
        RefusesColumn(data, new(), "'Label'", "String", "MapValueToKey");
        Refusal.Of<ArgumentOutOfRangeException>(() => chain.Fit(data), "'Label'", "String", "MapValueToKey");
    }

    [Fact]
    public void Fit_ColumnOfAnotherType_NamesItWithBothTypes()
    {
        RefusesColumn(Blobs(), new() { ExampleWeightColumnName = "Features" }, "'Features'", "Vector<Single, 2>", "Single is expected");
        RefusesColumn(One<float[], uint>([1f, 2f], ("Label", new KeyDataViewType(typeof(uint), uint.MaxValue))), new(),
            "'Label'", "Key<UInt32", "MapValueToKey");
        RefusesColumn(One<float[], byte>([1f, 2f], ("Features", new VectorDataViewType(NumberDataViewType.Single, 2))), new(),
            "'Label'", "Key<Byte");
        RefusesColumn(One<float, uint>(0), new(), "'Features'", "Single", "Vector<Single>");
        RefusesColumn(One<double[], uint>([1], ("Features", new VectorDataViewType(NumberDataViewType.Double, 1))), new(),
            "'Features'", "Double", "Vector<Single>");
        RefusesColumn(One<float[], uint>([1f]), new(), "'Features'", "unknown size", "VectorType");
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_WeightThatIsNegativeOrNotFinite_NamesRowAndValue(float weight)
    {
        var data = Load<KeyedRow>([new() { Label = 0 }, new() { Label = 1, Weight = weight }]);
        Refuses(new() { ExampleWeightColumnName = "Weight" }, data, "'Weight'", $"{weight}", "row 1");
    }

    [Fact]
    public void Fit_NoRowWithWeight_SaysSo()
    {
        var data = Load<KeyedRow>([new() { Label = 0, Weight = 0 }, new() { Label = 1, Weight = 0 }]);
        Refuses(new() { ExampleWeightColumnName = "Weight" }, data, "2 rows", "weight 0", "'Weight'");
    }

    [Fact]
    public void Fit_NoRows_SaysSo()
    {
        Refuses(new(), Keyed(), "training data has no rows");
        Refuses(new(), Keyed(([1f, 2f], NoLabel)), "1 rows, all without a label", "'Label'");
        Refusal.Of<InvalidOperationException>(
            () => Create(new()).Fit(Blobs(), MlContext.Data.SkipRows(Blobs(), 1000)), "validation data has no rows");
    }

    [Fact]
    public void Fit_OneClassOnly_NamesIt()
    {
        Refuses(new(), BlobRow.View(MlContext, BlobRow.Create(1).Where(row => row.Label == "b")), "'Label'", "'b'");
        Refuses(new(), Keyed(([1f, 2f], 2), ([2f, 2f], 2)), "'Label'", "key 3");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_FeatureThatIsNotFinite_NamesRowAndSlot(float value) =>
        Refuses(new(), Keyed(([1f, 2f], 0), ([2f, value], 1)), "'Features'", value.ToString(), "row 1", "slot 1");

    [Fact]
    public void Fit_LabelOutsideTheKeysClasses_NamesRowAndClasses()
    {
        var source = Keyed(([1f, 2f], 0), ([2f, 1f], 1));
        var keyType = new KeyDataViewType(typeof(uint), 3);
        ValueGetter<uint> seven = (ref uint key) => key = 7;
        var mapping = new RowMapping(source.Schema, [], [new("Label", keyType, null)], row => [seven]);
        Refuses(new(), new MappedDataView(null!, mapping, source), "'Label'", "key 7", "row 0", "3 classes");
    }

    [Fact]
    public void Fit_ClassesOfAnotherCountOrOrder_AreNamed()
    {
        Refusal.Of<ArgumentException>(() => Create(new() { ClassWeights = [1f, 2f] }).Fit(Blobs()), "2 class weights", "3 classes");
        var reversed = BlobRow.View(MlContext, BlobRow.Create(1).AsEnumerable().Reverse());
        Refusal.Of<ArgumentException>(() => Create(new()).Fit(Blobs(), reversed), "[c, b, a]", "[a, b, c]", "MapValueToKey");

        MemoryView Twelve(int first) => new MemoryView().WithScores("Features", [2], [.. Enumerable.Repeat(new[] { 1f, 2f }, 12)])
            .WithKeys("Label", 12, [.. Enumerable.Range(1, 12).Select(key => (uint)key)],
                Labels.KeyValues([.. Enumerable.Range(first, 12).Select(name => $"n{name}")]));
        Refusal.Of<ArgumentException>(() => Create(new()).Fit(Twelve(0), Twelve(10)),
            "[n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, ...] (12)", "[n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, ...] (12)");
    }

    [Fact]
    public void Fit_ValidationDataWithoutClassNames_AgreesByTheNumberOfClasses()
    {
        static MemoryView View(int classCount, int featureCount, DataViewSchema.Annotations? names = null) => new MemoryView()
            .WithScores("Features", [featureCount], [.. Enumerable.Range(1, 4).Select(row => new float[featureCount])])
            .WithKeys("Label", classCount, [1, 2, 1, 2], names);
        var trainer = Create(new() { EpochCount = 1 });
        Assert.NotNull(trainer.Fit(View(3, 2), View(3, 2)));
        Refusal.Of<ArgumentException>(() => trainer.Fit(View(3, 2), View(4, 2)),
            "Column 'Label' has the classes 1 to 4 in the validation data and 1 to 3 in the training data.");
        Refusal.Of<ArgumentException>(() => trainer.Fit(View(2, 2), View(2, 2, Labels.KeyValues("a", "b"))), "[a, b]", "1 to 2");
        Refusal.Of<ArgumentException>(() => trainer.Fit(View(2, 2, Labels.KeyValues("a", "b")), View(2, 2)), "1 to 2", "[a, b]");
        Refusal.Of<ArgumentException>(() => trainer.Fit(View(2, 2), View(2, 3)),
            "Column 'Features' has 3 slots in the validation data and 2 in the training data.");
        static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(name => $"n{name}")];
        Refusal.Of<ArgumentException>(() => trainer.Fit(View(10, 2, Labels.KeyValues(Names(10))), View(11, 2)),
            "[n0, n1, n2, n3, n4, n5, n6, n7, n8, n9] in the training data");
    }

    [Fact]
    public void Fit_NullData_IsNamed()
    {
        var trainer = Create(new());
        Assert.Throws<ArgumentNullException>("input", () => trainer.Fit(null!, Blobs()));
        Assert.Throws<ArgumentNullException>("validation", () => trainer.Fit(Blobs(), null!));
        Assert.Throws<ArgumentNullException>("inputSchema", () => trainer.GetOutputSchema(null!));
    }

    [Fact]
    public void AKey_MayHaveAsManyValuesAsAnArray()
    {
        static MemoryView View(int count) => new MemoryView().WithScores("Features", [2], []).WithKeys("Label", count, []);
        Assert.Equal(Array.MaxLength, TrainingColumns.Find(View(Array.MaxLength).Schema, new()).ClassCount);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => TrainingColumns.Find(View(Array.MaxLength + 1).Schema, new()), "a UInt32 key that knows its number of classes");
    }

    [Fact]
    public void AVectorOfAnotherLengthThanItsType_IsRefusedWithBothLengths()
    {
        var wrong = new MemoryView().WithScores("Features", [2], [[1, 2], [1, 2, 3]]).WithKeys("Label", 2, [1, 2]);
        Refuses(new(), wrong, "Column 'Features' has 3 features in row 1, but its type says 2.");
        var model = Create(new() { EpochCount = 1 }).Fit(Blobs());
        // ML.NET may wrap what is thrown on a thread of its own.
        var error = Assert.ThrowsAny<Exception>(() => model.Transform(wrong).Column("Score")).GetBaseException();
        Assert.Equal("A row has 3 features, but the model was trained on 2.", error.Message);
    }

    [Fact]
    public void Fit_RowsOfNoUse_AreCountedInTheMessage()
    {
        var options = new MultilayerPerceptronOptions { ExampleWeightColumnName = "Weight" };
        KeyedRow[] none = [new() { Label = NoLabel }, new() { Label = NoLabel }, new() { Label = 1, Weight = 0 }];
        Refuses(options, Load(none), "The training data has 3 rows, all without a label in column 'Label' or with weight 0 in column "
            + "'Weight'; rows with a label are needed.");
        Refuses(options, Load(none[..2]), "The training data has 2 rows, all without a label in column 'Label'; rows");
        KeyedRow[] some = [new() { Label = 0 }, new() { Label = 1 }];
        Refusal.Of<InvalidOperationException>(
            () => Create(new()).Fit(Load(some), Load(none[..1])), "The validation data has 1 rows, all without a label in column 'Label';");
    }

    [Fact]
    public void Transform_OtherFeatureCount_NamesBoth()
    {
        var model = Create(new() { EpochCount = 1 }).Fit(Blobs());
        Refusal.Of<InvalidOperationException>(() => model.Transform(Load<WideRow>([new()])), "Vector<Single, 3>", "Vector<Single, 2>");
    }

    [Fact]
    public void Fit_LearningRateFarTooHigh_SaysThatItDiverged() =>
        Refuses(new() { LearningRate = 1e30f, HiddenLayers = [8, 8] }, Blobs(), "diverged");

    /// <summary>Columns that do not fit, which the schema tells.</summary>
    private void RefusesColumn(IDataView data, MultilayerPerceptronOptions options, params string[] parts) =>
        Refusal.Of<ArgumentOutOfRangeException>(() => Create(options).Fit(data), parts);

    /// <summary>Values that do not fit, which training finds.</summary>
    private void Refuses(MultilayerPerceptronOptions options, IDataView data, params string[] parts) =>
        Refusal.Of<InvalidOperationException>(() => Create(options).Fit(data), parts);

    private IDataView Keyed(params (float[] Features, uint Label)[] rows) =>
        Load(rows.Select(row => new KeyedRow { Features = row.Features, Label = row.Label }));

    /// <summary>A row with features and a key of any type, of which the schema may say more.</summary>
    private IDataView One<TFeatures, TKey>(TFeatures features, params (string Column, DataViewType Type)[] changes)
    {
        var schema = SchemaDefinition.Create(typeof(Row<TFeatures, TKey>));
        foreach (var (column, type) in changes)
            schema[column].ColumnType = type;
        return MlContext.Data.LoadFromEnumerable([new Row<TFeatures, TKey> { Features = features }], schema);
    }

    private sealed class Row<TFeatures, TKey>
    {
        public TFeatures Features { get; set; } = default!;

        [KeyType(3)]
        public TKey Label { get; set; } = default!;
    }
}

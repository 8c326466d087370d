using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronSaveTests : MultilayerPerceptronTestBase
{
    private static readonly MemoryView FixtureRows = new MemoryView()
        .WithScores("Features", [2], [[1, 2], [-1, 0.5f], [0, 0]])
        .WithKeys("Label", 3, [1, 2, 3], Labels.KeyValues("ant", "bee", "cat"));

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 8, 5 })]
    public void Load_FreshContext_GivesTheSameBitsAndAnnotations(int[] hiddenLayers)
    {
        var data = Blobs();
        var model = Fit(data, hiddenLayers);
        var loaded = Scores.SaveAndLoad(model, data.Schema);

        Assert.Equal(model.Transform(data).Column("Score"), loaded.Transform(data).Column("Score"));
        Assert.Equal(["a", "b", "c"], loaded.GetOutputSchema(data.Schema)["PredictedLabel"].TextAnnotation("KeyValues"));
        var perceptron = Assert.IsType<MulticlassPredictionTransformer<MultilayerPerceptronModelParameters>>(loaded);
        Assert.Equal(hiddenLayers, perceptron.Model.HiddenLayers);
        Assert.Equal((2, 3), (perceptron.Model.FeatureCount, perceptron.Model.ClassCount));
    }

    [Theory]
    [InlineData(typeof(bool))]
    [InlineData(typeof(sbyte))]
    [InlineData(typeof(byte))]
    [InlineData(typeof(short))]
    [InlineData(typeof(ushort))]
    [InlineData(typeof(int))]
    [InlineData(typeof(uint))]
    [InlineData(typeof(long))]
    [InlineData(typeof(ulong))]
    [InlineData(typeof(float))]
    [InlineData(typeof(double))]
    public void Load_LabelsOfAnyType_AreTheSame(Type type)
    {
        var check = (Action)CheckLabels<int>;
        check.Method.GetGenericMethodDefinition().MakeGenericMethod(type).Invoke(this, null);

        void CheckLabels<T>()
        {
            var original = (T)Convert.ChangeType(1, typeof(T), null);
            if (original is float or double)
                original = (T)Convert.ChangeType(0.1, typeof(T), null);
            var data = BlobRow.Keyed(MlContext, Load(BlobRow.Create(1).Select(
                row => new LabelledRow<T> { Features = row.Features, Label = row.Label == "a" ? original : default! })));
            var loaded = Scores.SaveAndLoad(Fit(data, []), data.Schema);

            VBuffer<T> values = default;
            loaded.GetOutputSchema(data.Schema)["PredictedLabel"].Annotations.GetValue("KeyValues", ref values);

            Assert.Equal([original, default!], values.DenseValues());
        }
    }

    [Fact]
    public void Predict_LoadedModel_AgreesWithTheCursor()
    {
        var data = Blobs();
        var loaded = Scores.SaveAndLoad(Fit(data, [8]), data.Schema);
        using var engine = MlContext.Model.CreatePredictionEngine<BlobRow, AnyScoreRow>(loaded);
        Assert.Equal(loaded.Transform(data).Column("Score"), BlobRow.Create(1).Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void GetRowCursorSet_FourCursors_GiveEveryRowsScoreOnce()
    {
        var data = Blobs(1, 1000);
        var output = Fit(data, [8]).Transform(data);
        var expected = output.Column("Score").SelectMany(score => score).Order();
        Assert.Equal(expected, Cursors.InParallel(output, "Score", 4).SelectMany(score => score).Order());
    }

    // Every third byte: no multiple of the size of the numbers, so that each of their bytes has its turn.
    [Fact]
    public void Load_AnyByteWrong_LoadsOrEndsInAClearErrorWithoutAHugeAllocation() =>
        Assert.True(ModelFile.AssertEveryByteMayBeWrong(Scores.Save(Fit(Blobs(), [4]), Blobs().Schema), "MLPERCEP", 3) > 150);

    [Theory]
    [InlineData(4, 1_000_000_000, "1000000000 items")]
    [InlineData(8, 0, "layers of [0, 4, 3]")]
    [InlineData(8, 7, "2 means, 2 scales and 27 parameters for layers of [7, 4, 3]")]
    [InlineData(4, 1, "layers of [2] units")]
    [InlineData(8, -1, "layers of [-1, 4, 3] units")]
    [InlineData(16, 0, "layers of [2, 4, 0] units")]
    [InlineData(12, int.MaxValue, "2 means, 2 scales and 27 parameters for layers of [2, 2147483647, 3] units")]
    [InlineData(24, 0x7FC00000, "not finite")]
    [InlineData(28, 0x7F800000, "not finite")]
    [InlineData(36, 0x7FC00000, "not finite")]
    [InlineData(40, 0x7F800000, "not finite")]
    [InlineData(48, 0x7FC00000, "not finite")]
    [InlineData(152, 0x7FC00000, "not finite")]
    [InlineData(0, 8, "numbers of 8 bytes")]
    public void Load_ImpossibleNumber_SaysThatItIsDamaged(int offset, int number, string found)
    {
        // The size of a float, a count and three unit counts, a count and the means, ...
        var damaged = ModelFile.Edit(Scores.Save(Fixture(), FixtureRows.Schema), "MLPERCEP", bytes =>
        {
            BitConverter.GetBytes(number).CopyTo(bytes, ModelFile.HeaderSize + offset);
            return bytes;
        });

        ModelFile.AssertFormatError(damaged, "MultilayerPerceptronModelParameters in the model file is damaged", found);
    }

    [Fact]
    public void Load_VeryManyLayers_ListsTwentyOfThem()
    {
        var layers = "";
        var damaged = ModelFile.Edit(Scores.Save(Fixture(), FixtureRows.Schema), "MLPERCEP", bytes =>
        {
            BitConverter.GetBytes(21).CopyTo(bytes, ModelFile.HeaderSize + 4);
            layers = string.Join(
                ", ", Enumerable.Range(0, 20).Select(at => BitConverter.ToInt32(bytes, ModelFile.HeaderSize + 8 + (4 * at))));
            return bytes;
        });
        ModelFile.AssertFormatError(damaged, $"found layers of [{layers}] units.");
    }

    [Fact]
    public void Load_FileOfFormatVersion1_GivesTheSame() => ModelFile.AssertFixture("Softmax.Perceptron-1", Fixture(), FixtureRows);

    /// <summary>The model in the fixture file; what it is must never change.</summary>
    private MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Fixture()
    {
        var shape = new NetworkShape(2, 4, 3);
        var parameters = Enumerable.Range(0, shape.ParameterCount).Select(i => 0.25f * ((i * 7 % 11) - 5)).ToArray();
        var network = new PerceptronNetwork(
            shape, new FeatureStandardization([0.5f, -0.25f], [2f, 0.5f]), shape.ByInput(parameters));
        var model = new MultilayerPerceptronModelParameters(MlContext, network);
        return model.ToTransformer(MlContext, FixtureRows.Schema, "Features", "Label");
    }

    private MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Fit(IDataView data, int[] hiddenLayers) =>
        Create(new() { HiddenLayers = hiddenLayers, EpochCount = 3 }).Fit(data);

    private sealed class AnyScoreRow
    {
        public float[] Score { get; set; } = [];
    }
}

using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronSaveTests
{
    private static readonly MemoryView FixtureRows = new MemoryView()
        .WithScores("Features", [2], [[1, 2], [-1, 0.5f], [0, 0]])
        .With("Label", new KeyDataViewType(typeof(uint), 3), new uint[] { 1, 2, 3 }, Labels.KeyValues("ant", "bee", "cat"));

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 8, 5 })]
    public void Load_FreshContext_GivesTheSameBitsAndAnnotations(int[] hiddenLayers)
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var model = Fit(data, hiddenLayers);

        var other = new MLContext();
        var loaded = other.Model.Load(new MemoryStream(Save(model, data.Schema)), out _);

        Assert.Equal(Scores(_mlContext, model.Transform(data)), Scores(other, loaded.Transform(data)));
        VBuffer<ReadOnlyMemory<char>> names = default;
        loaded.GetOutputSchema(data.Schema)["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(["a", "b", "c"], names.DenseValues().Select(name => name.ToString()));
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
            var rows = BlobRow.Create(1).Select(row => new LabelledRow<T> { Features = row.Features, Label = row.Label == "a" ? original : default! });
            var source = _mlContext.Data.LoadFromEnumerable(rows);
            var data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(source).Transform(source);
            var loaded = _mlContext.Model.Load(new MemoryStream(Save(Fit(data, []), data.Schema)), out _);

            VBuffer<T> values = default;
            loaded.GetOutputSchema(data.Schema)["PredictedLabel"].Annotations.GetValue("KeyValues", ref values);

            Assert.Equal([original, default!], values.DenseValues());
        }
    }

    [Fact]
    public void Predict_LoadedModel_AgreesWithTheCursor()
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var loaded = _mlContext.Model.Load(new MemoryStream(Save(Fit(data, [8]), data.Schema)), out _);
        using var engine = _mlContext.Model.CreatePredictionEngine<BlobRow, ScoreRow>(loaded);

        var expected = _mlContext.Data.CreateEnumerable<ScoreRow>(loaded.Transform(data), reuseRowObject: false).Select(row => row.Score).ToList();

        Assert.Equal(expected, BlobRow.Create(1).Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void GetRowCursorSet_FourCursors_GiveEveryRowsScoreOnce()
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1, 1000));
        var output = Fit(data, [8]).Transform(data);
        var expected = Scores(_mlContext, output).Order();

        var found = new List<float>();
        Parallel.ForEach(output.GetRowCursorSet([output.Schema["Score"]], 4), cursor =>
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<VBuffer<float>>(output.Schema["Score"]);
                VBuffer<float> score = default;
                while (cursor.MoveNext())
                {
                    getter(ref score);
                    lock (found)
                        found.AddRange(score.GetValues());
                }
            }
        });

        Assert.Equal(expected, found.Order());
    }

    [Fact]
    public void Load_AnyByteWrong_LoadsOrEndsInAClearErrorWithoutAHugeAllocation()
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var saved = Save(Fit(data, [4]), data.Schema);
        var length = 0;
        ModelFile.Edit(saved, "MLPERCEP", bytes =>
        {
            length = (int)BitConverter.ToInt64(bytes, 0x18);
            return bytes;
        });
        Assert.True(length > 150);

        // Every third: no multiple of the size of the numbers, so that each of their bytes has its turn.
        for (var at = ModelFile.HeaderSize; at < ModelFile.HeaderSize + length; at += 3)
        {
            var position = at;
            var damaged = ModelFile.Edit(saved, "MLPERCEP", bytes =>
            {
                bytes[position] ^= 0xFF;
                return bytes;
            });
            var before = GC.GetAllocatedBytesForCurrentThread();
            var exception = Record.Exception(() => _mlContext.Model.Load(new MemoryStream(damaged), out _))?.GetBaseException();

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
            Assert.True(exception is null or FormatException or InvalidOperationException or ArgumentException, $"{position}: {exception}");
        }
    }

    [Theory]
    [InlineData(4, 1_000_000_000, "1000000000 items")]
    [InlineData(8, 0, "layers of [0, 4, 3]")]
    [InlineData(8, 7, "2 means, 2 scales and 27 parameters for layers of [7, 4, 3]")]
    [InlineData(24, 0x7FC00000, "not finite")]
    [InlineData(0, 8, "numbers of 8 bytes")]
    public void Load_ImpossibleNumber_SaysThatItIsDamaged(int offset, int number, string found)
    {
        // The size of a float, a count and three unit counts, a count and the means, ...
        var damaged = ModelFile.Edit(Save(Fixture(), FixtureRows.Schema), "MLPERCEP", bytes =>
        {
            BitConverter.GetBytes(number).CopyTo(bytes, ModelFile.HeaderSize + offset);
            return bytes;
        });

        var exception = Record.Exception(() => _mlContext.Model.Load(new MemoryStream(damaged), out _))!.GetBaseException();

        var message = Assert.IsType<FormatException>(exception).Message;
        Assert.Contains("MultilayerPerceptronModelParameters in the model file is damaged", message, StringComparison.Ordinal);
        Assert.Contains(found, message, StringComparison.Ordinal);
    }

    /// <summary>With a new format version, run this test once with WRITE_FIXTURES=1.</summary>
    [Fact]
    public void Load_FileOfFormatVersion1_GivesTheSame()
    {
        var file = Path.Combine(Repository.Root, "tests", "MLNet.Softmax.Tests", "Fixtures", "Softmax.Perceptron-1.zip");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1")
            File.WriteAllBytes(file, Save(Fixture(), FixtureRows.Schema));

        var loaded = _mlContext.Model.Load(new MemoryStream(File.ReadAllBytes(file)), out _);

        Assert.Equal(ViewText.Of(Fixture().Transform(FixtureRows)), ViewText.Of(loaded.Transform(FixtureRows)));
    }

    /// <summary>The model in the fixture file; what it is must never change.</summary>
    private MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Fixture()
    {
        var shape = new NetworkShape(2, 4, 3);
        var parameters = Enumerable.Range(0, shape.ParameterCount).Select(i => 0.25f * ((i * 7 % 11) - 5)).ToArray();
        var network = new PerceptronNetwork(shape, new FeatureStandardization([0.5f, -0.25f], [2f, 0.5f]), parameters);
        return new MultilayerPerceptronModelParameters(_mlContext, network).ToTransformer(_mlContext, FixtureRows.Schema, "Features", "Label");
    }

    private MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Fit(IDataView data, int[] hiddenLayers) =>
        _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: hiddenLayers, epochCount: 3).Fit(data);

    private byte[] Save(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    private static List<float> Scores(MLContext mlContext, IDataView data) =>
        [.. mlContext.Data.CreateEnumerable<ScoreRow>(data, reuseRowObject: false).SelectMany(row => row.Score)];

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class LabelledRow<T>
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;
    }
}

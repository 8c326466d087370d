using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronSaveTests
{
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
        var perceptron = Assert.IsType<MultilayerPerceptronTransformer>(loaded);
        Assert.Equal(hiddenLayers, perceptron.HiddenLayers);
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

    [Fact]
    public void Load_WeightThatIsNotFinite_SaysThatItIsDamaged()
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var model = Fit(data, []);
        var weight = BitConverter.GetBytes(model.Network.Parameters[0]);
        var damaged = ModelFile.Edit(Save(model, data.Schema), "MLPERCEP", bytes =>
        {
            BitConverter.GetBytes(float.NaN).CopyTo(bytes, bytes.AsSpan().IndexOf(weight));
            return bytes;
        });

        var exception = Record.Exception(() => _mlContext.Model.Load(new MemoryStream(damaged), out _))!.GetBaseException();

        Assert.Contains("not finite", Assert.IsType<FormatException>(exception).Message, StringComparison.Ordinal);
    }

    private MultilayerPerceptronTransformer Fit(IDataView data, int[] hiddenLayers) =>
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

namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Fit_Digits_ReachesNinetyFivePercent()
    {
        static IDataView View((float[] Pixels, int Label)[] digits) => new MemoryView().WithScores("Features", [64], [.. digits.Select(digit => digit.Pixels)])
            .With("Label", NumberDataViewType.Single, [.. digits.Select(digit => (float)digit.Label)]);
        var (train, test) = Digits.Read();
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [64], epochCount: 60))
            .Append(_mlContext.Transforms.Softmax("Probability", "Score"));

        var output = pipeline.Fit(View(train)).Transform(View(test));
        var metrics = _mlContext.MulticlassClassification.Evaluate(output, scoreColumnName: "Probability");

        Assert.True(metrics.MicroAccuracy >= 0.95, $"{metrics.MicroAccuracy}");
        Assert.True(metrics.LogLoss < 0.2, $"{metrics.LogLoss}");
        Assert.All(metrics.PerClassLogLoss, loss => Assert.True(loss < 0.5));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 8, 4 })]
    public void Transform_TrainedModel_PredictsTheClassOfTheHighestLogit(int[] hiddenLayers)
    {
        var data = BlobRow.View(_mlContext, BlobRow.Create(1));
        var model = Trainer(hiddenLayers).Fit(data);

        var rows = Read(model.Transform(BlobRow.View(_mlContext, BlobRow.Create(2))));

        Assert.All(rows, row => Assert.Equal((uint)Array.IndexOf(row.Score, row.Score.Max()) + 1, row.PredictedLabel));
        Assert.True(rows.Count(row => row.PredictedLabel == row.Label) > 0.95 * rows.Count);
        Assert.Contains(rows, row => row.Score.Min() < 0);
        Assert.Equal((2, 3), (model.Model.FeatureCount, model.Model.ClassCount));
        Assert.Equal(hiddenLayers, model.Model.HiddenLayers);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        float[] Scores(int contextSeed, int? seed)
        {
            var mlContext = new MLContext(contextSeed);
            var data = BlobRow.View(mlContext, BlobRow.Create(1));
            var trainer = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [8], epochCount: 3, seed: seed);
            return [.. Read(trainer.Fit(data).Transform(data)).SelectMany(row => row.Score)];
        }

        Assert.Equal(Scores(1, 5), Scores(2, 5));
        Assert.Equal(Scores(1, null), Scores(1, null));
        Assert.NotEqual(Scores(1, null), Scores(2, null));
    }

    [Fact]
    public void Fit_EveryEpoch_IsLoggedAndReported()
    {
        var lines = new List<string>();
        var epochs = new List<TrainingProgress>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Message.Contains("Epoch ", StringComparison.Ordinal))
                lines.Add(e.Message);
        };

        _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(
            new MultilayerPerceptronOptions { EpochCount = 4, ValidationShare = 0.2f, Progress = new Recorder(epochs.Add) })
            .Fit(BlobRow.View(_mlContext, BlobRow.Create(1)));

        Assert.Equal([1, 2, 3, 4], epochs.Select(epoch => epoch.Epoch));
        Assert.True(epochs[^1].TrainingLoss < epochs[0].TrainingLoss);
        Assert.Equal(4, lines.Count);
        Assert.Contains(FormattableString.Invariant($"Epoch 4 of 4: training loss {epochs[^1].TrainingLoss:0.000000}, validation loss"), lines[3], StringComparison.Ordinal);
        Assert.Contains("validation accuracy", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationSet_StopsEarly()
    {
        var epochs = new List<TrainingProgress>();
        var data = BlobRow.View(_mlContext, BlobRow.Create(1, noise: 8f));
        var validation = BlobRow.View(_mlContext, BlobRow.Create(2, noise: 8f));

        _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(
            new MultilayerPerceptronOptions { EpochCount = 500, LearningRate = 0.02f, Patience = 2, Progress = new Recorder(epochs.Add) }).Fit(data, validation);

        var best = epochs.MinBy(epoch => epoch.ValidationLoss)!;
        Assert.Equal(best.Epoch + 2, epochs[^1].Epoch);
    }

    [Fact]
    public void Fit_CancelledToken_EndsTheTraining()
    {
        using var source = new CancellationTokenSource();
        var trainer = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(
            new MultilayerPerceptronOptions { CancellationToken = source.Token, Progress = new Recorder(_ => source.Cancel()) });

        Assert.Throws<OperationCanceledException>(() => trainer.Fit(BlobRow.View(_mlContext, BlobRow.Create(1))));
    }

    [Fact]
    public void Fit_RowsWithoutLabel_AreLeftOutAndLogged()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, e) => warnings.Add(e.Message);
        var rows = BlobRow.Create(1).Select(row => new KeyedRow { Features = row.Features, Label = (uint)(row.Label[0] - 'a') }).ToList();
        float[] Scores(IEnumerable<KeyedRow> from)
        {
            var trainer = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(epochCount: 3, seed: 1);
            var model = trainer.Fit(_mlContext.Data.LoadFromEnumerable(from));
            return [.. Read(model.Transform(_mlContext.Data.LoadFromEnumerable(rows))).SelectMany(row => row.Score)];
        }

        var without = Scores(rows);
        var with = Scores([new KeyedRow { Features = [900f, 900f], Label = 99 }, .. rows]);

        Assert.Equal(without, with);
        Assert.Contains(warnings, message => message.Contains("Left out 1 training rows without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_RowsOfWeightZero_AreLeftOut()
    {
        var rows = BlobRow.Create(1).Select((row, index) => new KeyedRow
        {
            Features = row.Features, Label = (uint)(row.Label[0] - 'a'), Weight = index % 3 == 1 ? 0 : 0.5f + index % 4,
        }).ToList();
        float[] Scores(IEnumerable<KeyedRow> from)
        {
            var trainer = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(exampleWeightColumnName: "Weight", epochCount: 3, seed: 1);
            return [.. Read(trainer.Fit(_mlContext.Data.LoadFromEnumerable(from)).Transform(_mlContext.Data.LoadFromEnumerable(rows))).SelectMany(row => row.Score)];
        }

        Assert.Equal(Scores(rows.Where(row => row.Weight > 0)), Scores(rows));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_WholeWeights_AreRepetitions(bool balanced)
    {
        KeyedRow[] rows = [.. BlobRow.Create(1, noise: 8f).Select((row, index) =>
            new KeyedRow { Features = row.Features, Label = (uint)(row.Label[0] - 'a'), Weight = index % 4 })];
        KeyedRow[] repeated = [.. rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight))];
        float[] Scores(KeyedRow[] from, string? weight)
        {
            // One batch of all rows: its loss does not depend on their order. Without hidden layers, nor do small differences grow.
            var trainer = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
            {
                HiddenLayers = [], EpochCount = 20, BatchSize = 1000, ExampleWeightColumnName = weight, BalanceClasses = balanced, Seed = 1,
            });
            return [.. Read(trainer.Fit(_mlContext.Data.LoadFromEnumerable(from)).Transform(_mlContext.Data.LoadFromEnumerable(rows))).SelectMany(row => row.Score)];
        }

        var (expected, actual, unweighted) = (Scores(repeated, null), Scores(rows, "Weight"), Scores(rows, null));

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.True(expected.Zip(unweighted).Max(pair => Math.Abs(pair.First - pair.Second)) > 0.01);
    }

    [Fact]
    public void PermutationFeatureImportance_FeatureOfNoise_MattersLeast()
    {
        var random = new Random(1);
        var rows = BlobRow.Create(1, 300).Select(row => new WideRow { Features = [row.Features[0], random.NextSingle(), row.Features[1]], Label = row.Label });
        var source = _mlContext.Data.LoadFromEnumerable(rows);
        var data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(source).Transform(source);
        var model = Trainer([8]).Fit(data);

        var importance = _mlContext.MulticlassClassification.PermutationFeatureImportance(model, data, permutationCount: 3);

        Assert.Equal(3, importance.Length);
        Assert.InRange(importance[1].MicroAccuracy.Mean, -0.02, 0.02);
        Assert.True(importance[0].MicroAccuracy.Mean < -0.1, $"{importance[0].MicroAccuracy.Mean}");
        Assert.True(importance[2].MicroAccuracy.Mean < -0.1, $"{importance[2].MicroAccuracy.Mean}");
    }

    [Fact]
    public void CrossValidate_OfMLNet_TrainsAndEvaluatesEveryFold()
    {
        var data = _mlContext.Data.LoadFromEnumerable(BlobRow.Create(1));
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(Trainer([8]));

        var folds = _mlContext.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.9, $"{fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Transform_SparseFeatures_ScoresAsDense()
    {
        var model = Trainer([8]).Fit(BlobRow.View(_mlContext, BlobRow.Create(1)));
        var type = new VectorDataViewType(NumberDataViewType.Single, 2);
        IDataView Rows(params VBuffer<float>[] features) => new MemoryView().With("Features", type, features);

        var sparse = model.Transform(Rows(new VBuffer<float>(2, 1, [3f], [1]), new VBuffer<float>(2, 0, [], []))).Column("Score");
        var dense = model.Transform(Rows(new VBuffer<float>(2, [0f, 3f]), new VBuffer<float>(2, [0f, 0f]))).Column("Score");

        Assert.Equal(dense, sparse);
    }

    [Fact]
    public void Transform_ManyRows_AllocatesNothingPerRow()
    {
        ITransformer model = Trainer([8]).Fit(BlobRow.View(_mlContext, BlobRow.Create(1)));
        var view = new MemoryView().WithScores("Features", [2], [.. BlobRow.Create(2, 1000).Select(row => row.Features)]);
        var mapper = model.GetRowToRowMapper(view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var output = mapper.GetRow(cursor, mapper.OutputSchema);
        var getScore = output.GetGetter<VBuffer<float>>(output.Schema["Score"]);
        var getLabel = output.GetGetter<uint>(output.Schema["PredictedLabel"]);
        VBuffer<float> score = default;
        uint label = 0;
        long before = 0;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            if (row == 10)
                before = GC.GetAllocatedBytesForCurrentThread();
            getScore(ref score);
            getLabel(ref label);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Transform_NaNFeature_GivesNaNScoresAndAMissingLabel()
    {
        var model = Trainer([8]).Fit(BlobRow.View(_mlContext, BlobRow.Create(1)));

        var row = Read(model.Transform(_mlContext.Data.LoadFromEnumerable([new KeyedRow { Features = [float.NaN, 1f], Label = 1 }]))).Single();

        Assert.All(row.Score, score => Assert.True(float.IsNaN(score)));
        Assert.Equal(0u, row.PredictedLabel);
    }

    [Fact]
    public void MultilayerPerceptron_OptionsChangedAfterwards_KeepsItsOwn()
    {
        var options = new MultilayerPerceptronOptions { HiddenLayers = [3], EpochCount = 1 };
        var trainer = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options);
        options.HiddenLayers = [5];

        Assert.Equal([3], trainer.Fit(BlobRow.View(_mlContext, BlobRow.Create(1))).Model.HiddenLayers);
    }

    private MultilayerPerceptronTrainer Trainer(int[] hiddenLayers) =>
        _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: hiddenLayers, epochCount: 30, learningRate: 0.01f);

    private List<ScoredRow> Read(IDataView data) => [.. _mlContext.Data.CreateEnumerable<ScoredRow>(data, reuseRowObject: false)];

    private sealed class Recorder(Action<TrainingProgress> note) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => note(value);
    }

    /// <summary>Labels from 0, as objects hold them; what is no class becomes a missing key.</summary>
    private sealed class KeyedRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }

        public float Weight { get; set; } = 1;
    }

    private sealed class WideRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class ScoredRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}

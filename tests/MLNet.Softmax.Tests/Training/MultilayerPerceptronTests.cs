using Microsoft.ML.Runtime;

namespace MLNet.Softmax.Tests.Training;

public class MultilayerPerceptronTests : MultilayerPerceptronTestBase
{
    [Fact]
    public void Fit_Digits_ReachesNinetyFivePercent()
    {
        static IDataView View((float[] Pixels, int Label)[] digits) => new MemoryView()
            .WithScores("Features", [64], [.. digits.Select(digit => digit.Pixels)])
            .With("Label", NumberDataViewType.Single, [.. digits.Select(digit => (float)digit.Label)]);
        var (train, test) = Digits.Read();
        var pipeline = MlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(MlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [64], epochCount: 60))
            .Append(MlContext.Transforms.Softmax("Probability", "Score"));

        var output = pipeline.Fit(View(train)).Transform(View(test));
        var metrics = MlContext.MulticlassClassification.Evaluate(output, scoreColumnName: "Probability");

        Assert.True(metrics.MicroAccuracy >= 0.95, $"{metrics.MicroAccuracy}");
        Assert.True(metrics.LogLoss < 0.2, $"{metrics.LogLoss}");
        Assert.All(metrics.PerClassLogLoss, loss => Assert.True(loss < 0.5));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 8, 4 })]
    public void Transform_TrainedModel_PredictsTheClassOfTheHighestLogit(int[] hiddenLayers)
    {
        var data = Blobs();
        var model = Trainer(hiddenLayers).Fit(data);

        var rows = Read(model.Transform(Blobs(2)));

        Assert.All(rows, row => Assert.Equal((uint)Array.IndexOf(row.Score, row.Score.Max()) + 1, row.PredictedLabel));
        Assert.True(rows.Count(row => row.PredictedLabel == row.Label) > 0.95 * rows.Count);
        Assert.Contains(rows, row => row.Score.Min() < 0);
        Assert.Equal((2, 3), (model.Model.FeatureCount, model.Model.ClassCount));
        Assert.Equal(hiddenLayers, model.Model.HiddenLayers);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        float[][] Train(int contextSeed, int? seed)
        {
            var mlContext = new MLContext(contextSeed);
            var trainer = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [8], epochCount: 3, seed: seed);
            return trainer.Fit(Blobs()).Transform(Blobs()).Column("Score");
        }

        Assert.Equal(Train(1, 5), Train(2, 5));
        Assert.Equal(Train(1, null), Train(1, null));
        Assert.NotEqual(Train(1, null), Train(2, null));
    }

    [Fact]
    public void Fit_OptionsThatChangedLater_AreThoseOfTheTrainersCreation()
    {
        var (layers, weights) = (new[] { 8 }, new[] { 1f, 1f, 1f });
        var options = new MultilayerPerceptronOptions { HiddenLayers = layers, ClassWeights = weights, EpochCount = 1, Seed = 1 };
        var (before, after) = (Create(options), Create(options));
        var expected = before.Fit(Blobs());
        (layers[0], weights[0], options.EpochCount) = (5, 0, 2);
        var actual = after.Fit(Blobs());

        Assert.Equal([8], actual.Model.HiddenLayers);
        Assert.Equal(expected.Transform(Blobs(2)).Column("Score"), actual.Transform(Blobs(2)).Column("Score"));
    }

    [Fact]
    public void Fit_EveryEpoch_IsLoggedAndReported()
    {
        var log = Labels.LogOf(MlContext);
        var epochs = new List<TrainingProgress>();
        Create(new() { EpochCount = 4, ValidationShare = 0.2f, Progress = new Recorder(epochs.Add) }).Fit(Blobs());

        Assert.Equal([1, 2, 3, 4], epochs.Select(epoch => epoch.Epoch));
        Assert.True(epochs[^1].TrainingLoss < epochs[0].TrainingLoss);
        var lines = log.Select(message => message.Message).Where(line => line.Contains("Epoch ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, lines.Length);
        var (training, validation, accuracy) = (epochs[^1].TrainingLoss, epochs[^1].ValidationLoss, epochs[^1].ValidationAccuracy);
        Assert.EndsWith(
            FormattableString.Invariant(
                $"Epoch 4 of 4: training loss {training:0.000000}, validation loss {validation:0.000000}, ")
                + FormattableString.Invariant($"validation accuracy {accuracy:0.0000}"),
            lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationSet_StopsEarly()
    {
        var epochs = new List<TrainingProgress>();
        Create(new() { EpochCount = 500, LearningRate = 0.02f, Patience = 2, Progress = new Recorder(epochs.Add) })
            .Fit(Blobs(1, noise: 8f), Blobs(2, noise: 8f));

        Assert.Equal(epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch + 2, epochs[^1].Epoch);
    }

    [Fact]
    public void Fit_CancelledToken_EndsTheTraining()
    {
        using var source = new CancellationTokenSource();
        var trainer = Create(new() { CancellationToken = source.Token, Progress = new Recorder(_ => source.Cancel()) });
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Blobs()));
    }

    [Fact]
    public void Fit_RowsWithoutLabel_AreLeftOutAndLogged()
    {
        var log = Labels.LogOf(MlContext);
        var (rows, options) = (KeyedRow.Create(), new MultilayerPerceptronOptions { EpochCount = 3, Seed = 1 });
        var with = ScoresOf(rows, options, [new KeyedRow { Features = [900f, 900f], Label = 99 }, .. rows]);

        Assert.Equal(ScoresOf(rows, options, rows), with);
        Assert.Contains(log, message => message.Message.Contains("Left out 1 training rows without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_WhatIsLeftOutOrHeldOut_IsLogged()
    {
        var log = Labels.LogOf(MlContext);
        KeyedRow[] rows = [.. KeyedRow.Create(), new() { Label = 99 }, new() { Label = 99 }];
        Create(new() { EpochCount = 1, Seed = 1 }).Fit(Load(KeyedRow.Create()), Load(rows));
        Logged(ChannelMessageKind.Warning, "Left out 2 validation rows without a label.");
        Create(new() { EpochCount = 1, ValidationShare = 0.01f, Seed = 1 }).Fit(Load(KeyedRow.Create()));
        Logged(
            ChannelMessageKind.Warning,
            "A share of 0.01 leaves no whole row of any class to validate with: training runs for every epoch.");

        var warnings = log.Count(message => message.Kind == ChannelMessageKind.Warning);
        Create(new() { EpochCount = 1, ValidationShare = 0.03f, Seed = 1 }).Fit(Load(KeyedRow.Create()));
        Assert.Equal(warnings, log.Count(message => message.Kind == ChannelMessageKind.Warning));

        void Logged(ChannelMessageKind kind, string text) =>
            Assert.Single(log, message => message.Kind == kind && message.RawMessage == text);
    }

    [Fact]
    public void Info_TellsMLNetWhatTheTrainerNeeds()
    {
        foreach (var standardize in (bool[])[true, false])
        {
            var info = Create(new() { StandardizeFeatures = standardize }).Info;
            Assert.Equal((!standardize, false), (info.NeedNormalization, info.WantCaching));
        }
    }

    [Fact]
    public void TrainingProgress_AsText_NamesItsFiguresTheSameInEveryCulture()
    {
        Assert.Equal(
            "TrainingProgress { Epoch = 3, EpochCount = 9, TrainingLoss = 0.5, ValidationLoss = 0.25, ValidationAccuracy = 0.75 }",
            new TrainingProgress(3, 9, 0.5, 0.25, 0.75).ToString());
        Assert.Equal(
            "TrainingProgress { Epoch = 1, EpochCount = 9, TrainingLoss = 0.5, ValidationLoss = , ValidationAccuracy =  }",
            new TrainingProgress(1, 9, 0.5, null, null).ToString());
    }

    [Fact]
    public void Fit_RowsOfWeightZero_AreLeftOut()
    {
        var rows = KeyedRow.Create(index => index % 3 == 1 ? 0 : 0.5f + index % 4);
        var options = new MultilayerPerceptronOptions { ExampleWeightColumnName = "Weight", EpochCount = 3, Seed = 1 };
        Assert.Equal(ScoresOf(rows, options, [.. rows.Where(row => row.Weight > 0)]), ScoresOf(rows, options, rows));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_WholeWeights_AreRepetitions(bool balanced)
    {
        var rows = KeyedRow.Create(index => index % 4, noise: 8f);
        KeyedRow[] repeated = [.. rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight))];
        // One batch of all rows: its loss does not depend on their order. Without hidden layers, nor do small differences grow.
        float[] Train(KeyedRow[] from, string? weight) => ScoresOf(rows, new()
        {
            HiddenLayers = [],
            EpochCount = 20,
            BatchSize = 1000,
            ExampleWeightColumnName = weight,
            BalanceClasses = balanced,
            Seed = 1,
        }, from);

        var (expected, actual, unweighted) = (Train(repeated, null), Train(rows, "Weight"), Train(rows, null));

        // The gradient of a bias is 0 for balanced classes at first; Adam makes a step of .001 of what rounding leaves of it.
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, balanced ? 2e-3f : 1e-4f));
        Assert.True(expected.Zip(unweighted).Max(pair => Math.Abs(pair.First - pair.Second)) > 0.01);
    }

    [Fact]
    public void PermutationFeatureImportance_FeatureOfNoise_MattersLeast()
    {
        var random = new Random(1);
        WideRow[] rows = [.. BlobRow.Create(1, 300).Select(
            row => new WideRow { Features = [row.Features[0], random.NextSingle(), row.Features[1]], Label = row.Label })];
        var data = BlobRow.Keyed(MlContext, Load(rows));
        var model = Trainer([8]).Fit(data);

        var importance = MlContext.MulticlassClassification.PermutationFeatureImportance(model, data, permutationCount: 3);

        Assert.Equal(3, importance.Length);
        Assert.InRange(importance[1].MicroAccuracy.Mean, -0.02, 0.02);
        Assert.All([importance[0], importance[2]], of => Assert.True(of.MicroAccuracy.Mean < -0.1, $"{of.MicroAccuracy.Mean}"));
    }

    [Fact]
    public void CrossValidate_OfMLNet_TrainsAndEvaluatesEveryFold()
    {
        var pipeline = MlContext.Transforms.Conversion.MapValueToKey("Label").Append(Trainer([8]));
        var folds = MlContext.MulticlassClassification.CrossValidate(Load(BlobRow.Create(1)), pipeline, numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.9, $"{fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Transform_SparseFeatures_ScoresAsDense()
    {
        var model = Trainer([8]).Fit(Blobs());
        var type = new VectorDataViewType(NumberDataViewType.Single, 2);
        IDataView Rows(params VBuffer<float>[] features) => new MemoryView().With("Features", type, features);

        var sparse = model.Transform(Rows(new VBuffer<float>(2, 1, [3f], [1]), new VBuffer<float>(2, 0, [], []))).Column("Score");
        var dense = model.Transform(Rows(new VBuffer<float>(2, [0f, 3f]), new VBuffer<float>(2, [0f, 0f]))).Column("Score");

        Assert.Equal(dense, sparse);
    }

    [Fact]
    public void Transform_ManyRows_AllocatesNothingPerRow()
    {
        ITransformer model = Trainer([8]).Fit(Blobs());
        var view = new MemoryView().WithScores("Features", [2], [.. BlobRow.Create(2, 1000).Select(row => row.Features)]);
        var mapper = model.GetRowToRowMapper(view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var output = mapper.GetRow(cursor, mapper.OutputSchema);
        Cursors.AssertNothingAllocated(
            cursor, 1000, Cursors.Reader<VBuffer<float>>(output, "Score"), Cursors.Reader<uint>(output, "PredictedLabel"));
    }

    [Fact]
    public void Transform_NaNFeature_GivesNaNScoresAndAMissingLabel()
    {
        var model = Trainer([8]).Fit(Blobs());

        var row = Read(model.Transform(Load<KeyedRow>([new() { Features = [float.NaN, 1f], Label = 1 }]))).Single();

        Assert.All(row.Score, score => Assert.True(float.IsNaN(score)));
        Assert.Equal(0u, row.PredictedLabel);
    }

    [Fact]
    public void MultilayerPerceptron_OptionsChangedAfterwards_KeepsItsOwn()
    {
        var options = new MultilayerPerceptronOptions { HiddenLayers = [3], EpochCount = 1 };
        var trainer = Create(options);
        options.HiddenLayers = [5];

        Assert.Equal([3], trainer.Fit(Blobs()).Model.HiddenLayers);
    }

    private MultilayerPerceptronTrainer Trainer(int[] hiddenLayers) =>
        Create(new() { HiddenLayers = hiddenLayers, EpochCount = 30, LearningRate = 0.01f });

    /// <summary>What a model that was trained on some rows says of others.</summary>
    private float[] ScoresOf(KeyedRow[] rows, MultilayerPerceptronOptions options, KeyedRow[] trainedOn) =>
        [.. Create(options).Fit(Load(trainedOn)).Transform(Load(rows)).Column("Score").SelectMany(score => score)];

    private List<ScoredRow> Read(IDataView data) => [.. MlContext.Data.CreateEnumerable<ScoredRow>(data, reuseRowObject: false)];

    private sealed class Recorder(Action<TrainingProgress> note) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => note(value);
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

namespace MLNet.Softmax.Numerics.Tests.Training;

public class NetworkTrainingTests
{
    private static readonly TrainingSchedule Schedule = new([8], 30, 16, 0.01f, 5, true);

    [Fact]
    public void Run_SameSeed_GivesTheSameBits()
    {
        var (first, second) = (Train(Blobs(4), 4).Parameters.ToArray(), Train(Blobs(4), 4).Parameters.ToArray());
        Assert.Equal(first.Select(BitConverter.SingleToInt32Bits), second.Select(BitConverter.SingleToInt32Bits));
        Assert.NotEqual(first, Train(Blobs(4), 5).Parameters.ToArray());
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 8 })]
    [InlineData(new[] { 8, 4 })]
    public void Run_SeparableRows_LearnsThem(int[] hiddenLayers) =>
        Assert.True(Accuracy(Train(Blobs(4), schedule: Schedule with { HiddenLayers = hiddenLayers }), Blobs(99)) > 0.95);

    [Fact]
    public void Run_HiddenLayer_LearnsExclusiveOr()
    {
        var random = new Random(2);
        float Number() => (float)random.NextDouble() - 0.5f;
        float[][] features = [.. Enumerable.Range(0, 400).Select(_ => new[] { Number(), Number() })];
        var labels = Array.ConvertAll(features, row => row[0] > 0 == row[1] > 0 ? 0 : 1);
        LabelledRows Rows() => new([.. features.Select(row => (float[])row.Clone())], labels);
        double Learns(int[] hidden) =>
            Accuracy(Train(Rows(), schedule: Schedule with { HiddenLayers = hidden, EpochCount = 100 }, classCount: 2), Rows());

        Assert.True(Learns([16]) > 0.95);
        Assert.True(Learns([]) < 0.75, "No linear model can learn it.");
    }

    [Fact]
    public void Run_ValidationRows_StopsAndKeepsTheBestEpoch()
    {
        var epochs = new List<EpochLosses>();
        var network = Train(
            Blobs(4, noise: 3f), schedule: Schedule with { EpochCount = 300, Patience = 3 }, progress: epochs.Add,
            validation: Blobs(5, noise: 3f));

        var best = epochs.MinBy(epoch => epoch.ValidationLoss);
        Assert.Equal(best.Epoch + 3, epochs[^1].Epoch);
        Assert.Equal(best.ValidationAccuracy!.Value, Accuracy(network, Blobs(5, noise: 3f)));
    }

    [Fact]
    public void Run_HeavyClassOrRows_ArePredictedMoreOften()
    {
        int Predictions(float[] ofClasses, float ofRows)
        {
            var rows = Blobs(4, noise: 8f);
            var weighted = ofRows == 1 ? rows : rows with { Weights = [.. rows.Labels.Select(label => label == 2 ? ofRows : 1)] };
            return Predict(Train(weighted, objective: new(0, 0, ofClasses)), Blobs(9, noise: 8f)).Count(label => label == 2);
        }

        Assert.True(Predictions([1f, 1f, 20f], 1) > 1.5 * Predictions([], 1));
        Assert.True(Predictions([], 20) > 1.5 * Predictions([], 1));
    }

    [Fact]
    public void Run_WeightsOfOne_GiveTheSameAsNone()
    {
        var rows = Blobs(4);
        var network = Train(rows with { Weights = [.. rows.Labels.Select(_ => 1f)] }, 4);
        var parameters = Train(Blobs(4), 4).Parameters.ToArray().Zip(network.Parameters.ToArray());
        Assert.All(parameters, pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Run_WholeWeights_AreRepetitionsInBothLosses()
    {
        List<EpochLosses> Losses(Func<int, LabelledRows> rows)
        {
            var losses = new List<EpochLosses>();
            Train(rows(4), schedule: Schedule with { BatchSize = 1000, EpochCount = 5 }, progress: losses.Add, validation: rows(9));
            return losses;
        }

        var expected = Losses(seed =>
        {
            var rows = Blobs(seed, 8f);
            int[] copies = [.. Enumerable.Range(0, 150).SelectMany(row => Enumerable.Repeat(row, row % 4))];
            return new([.. copies.Select(row => (float[])rows.Features[row].Clone())], [.. copies.Select(row => rows.Labels[row])]);
        });
        var actual = Losses(seed => Blobs(seed, 8f) with { Weights = [.. Enumerable.Range(0, 150).Select(row => (float)(row % 4))] });

        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(pair.First.TrainingLoss, pair.Second.TrainingLoss, 1e-4);
            Assert.Equal(pair.First.ValidationLoss!.Value, pair.Second.ValidationLoss!.Value, 1e-4);
            Assert.Equal(pair.First.ValidationAccuracy!.Value, pair.Second.ValidationAccuracy!.Value, 1e-12);
        });
    }

    [Fact]
    public void Run_LabelSmoothing_KeepsTheLogitsCloser()
    {
        double Spread(float smoothing) =>
            Logits(Train(Blobs(4), schedule: Schedule with { EpochCount = 100 }, objective: new(0, smoothing, [])), Blobs(9))
                .Average(logits => logits.Max() - logits.Min());

        Assert.True(Spread(0.2f) < 0.7 * Spread(0f));
    }

    [Fact]
    public void Run_ConstantFeature_DoesNotMoveTheScores()
    {
        var rows = Blobs(4);
        var network = Train(rows with { Features = [.. rows.Features.Select(row => row.Append(7f).ToArray())] });
        var logits = Logits(network, new LabelledRows([[1f, 1f, 7f], [1f, 1f, -900f]], [0, 0])).ToArray();
        Assert.Equal(logits[0], logits[1]);
    }

    [Fact]
    public void Run_RateFarTooHigh_SaysThatItDiverged()
    {
        var schedule = Schedule with { LearningRate = 1e30f, HiddenLayers = [8, 8], EpochCount = 50 };
        Refusal.Of<InvalidOperationException>(() => Train(Blobs(4), schedule: schedule), "diverged", "1E+30");
    }

    [Fact]
    public void Run_Cancelled_EndsAfterTheEpoch()
    {
        using var source = new CancellationTokenSource();
        var epochs = 0;
        var training = new NetworkTraining(Schedule, TrainingObjective.Plain, _ => { if (++epochs == 2) source.Cancel(); }, source.Token);

        Assert.Throws<OperationCanceledException>(() => training.Run(Blobs(4), LabelledRows.Empty, 3, new Random(1)));
        Assert.Equal(2, epochs);
    }

    [Fact]
    public void Run_Digits_ReachesNinetyFivePercent()
    {
        static LabelledRows Rows((float[] Pixels, int Label)[] digits) =>
            new([.. digits.Select(digit => digit.Pixels)], [.. digits.Select(digit => digit.Label)]);
        var (train, test) = Digits.Read();
        var network = Train(Rows(train), schedule: new([64], 60, 32, 0.001f, 10, true), objective: new(1e-4f, 0, []), classCount: 10);
        Assert.True(Accuracy(network, Rows(test)) >= 0.95);
    }

    /// <summary>At a learning rate of 0 the parameters stay, so that each loss has a closed form.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_WithoutALearningRate_ReportsTheObjectiveOfTheStartingWeights(bool hasClassWeights)
    {
        var losses = new List<EpochLosses>();
        float[] classWeights = hasClassWeights ? [1, 2, 0.5f] : [];
        LabelledRows Weighted(int seed) =>
            Blobs(seed, 8f) with { Weights = [.. Enumerable.Range(0, 150).Select(row => 0.25f * (row % 5))] };
        var network = Train(
            Weighted(4), schedule: new([6], 3, hasClassWeights ? 150 : 16, 0, 5, false), objective: new(0.1f, 0.2f, classWeights),
            progress: losses.Add, validation: Weighted(9));

        var parameters = Array.ConvertAll(network.Parameters.ToArray(), value => (double)value);
        float[] oracleWeights = hasClassWeights ? classWeights : [1, 1, 1];
        var validation = Weighted(9);
        var right = Predict(network, validation).Select((label, row) => label == validation.Labels[row] ? validation.Weights![row] : 0.0);
        Assert.Equal([1, 2, 3], losses.Select(epoch => epoch.Epoch));
        Assert.All(losses, epoch =>
        {
            Assert.Equal(
                NaivePerceptron.Objective([2, 6, 3], parameters, Weighted(4), 0.1f, 0.2f, oracleWeights), epoch.TrainingLoss, 1e-5);
            Assert.Equal(
                NaivePerceptron.Objective([2, 6, 3], parameters, validation, 0, 0.2f, oracleWeights), epoch.ValidationLoss!.Value, 1e-5);
            Assert.Equal(right.Sum() / validation.Weights!.Sum(), epoch.ValidationAccuracy!.Value, 1e-12);
        });
    }

    [Fact]
    public void InitialParameters_OfEachLayer_ReachTheLimitOfTheirDistribution()
    {
        var shape = new NetworkShape(50, 80, 40);
        var parameters = shape.InitialParameters(new Random(1));
        foreach (var (layer, limit) in shape.Layers.ToArray().Zip((double[])[Math.Sqrt(6.0 / 50), Math.Sqrt(6.0 / 120)]))
        {
            var weights = layer.Weights(parameters).ToArray();
            Assert.InRange(weights.Max(), 0.99 * limit, limit);
            Assert.InRange(weights.Min(), -limit, -0.99 * limit);
            // A uniform number has the deviation limit / sqrt(3); that of the mean of 3,200 of them is 57 times as small.
            Assert.InRange(weights.Average(), -0.05 * limit, 0.05 * limit);
            Assert.All(layer.Biases(parameters).ToArray(), bias => Assert.Equal(0, bias));
        }

        Assert.All(new NetworkShape(50, 40).InitialParameters(new Random(1)), weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Run_ValidationLossOrLastStepThatIsNotFinite_SaysThatItDiverged()
    {
        // The features of the validation rows are so large that their scores overflow.
        var schedule = Schedule with { HiddenLayers = [], StandardizeFeatures = false, EpochCount = 2, LearningRate = 100 };
        var far = new LabelledRows([[3e38f, 3e38f], [-3e38f, 3e38f]], [0, 1]);
        Refusal.Of<InvalidOperationException>(() => Train(Blobs(4), schedule: schedule, validation: far), "the loss of epoch 1 is NaN");
        // The momentum of one row goes on through rows without weight, which have no loss, until the weights overflow.
        var rows = new LabelledRows(
            [.. Enumerable.Range(0, 10).Select(_ => new[] { 1f })], new int[10], [1, .. Enumerable.Repeat(0f, 9)]);
        var steps = schedule with { BatchSize = 1, EpochCount = 1, LearningRate = 3e38f };
        Refusal.Of<InvalidOperationException>(() => Train(rows, schedule: steps, classCount: 2), "the loss of epoch 1 is NaN", "3E+38");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_NoBetterEpoch_StopsAfterAsManyAsThePatience(int patience)
    {
        var epochs = new List<EpochLosses>();
        Train(Blobs(4), schedule: Schedule with { LearningRate = 0, Patience = patience }, progress: epochs.Add, validation: Blobs(5));

        Assert.Equal(1 + patience, epochs.Count);
    }

    private static PerceptronNetwork Train(
        LabelledRows rows, int seed = 1, TrainingSchedule? schedule = null, TrainingObjective? objective = null,
        Action<EpochLosses>? progress = null, LabelledRows? validation = null, int classCount = 3) =>
        new NetworkTraining(schedule ?? Schedule, objective ?? TrainingObjective.Plain, progress, default)
            .Run(rows, validation ?? LabelledRows.Empty, classCount, new Random(seed));

    private static LabelledRows Blobs(int seed, float noise = 0.5f)
    {
        var random = new Random(seed);
        float[][] centres = [[0f, 3f], [3f, -2f], [-3f, -2f]];
        float Noise() => noise * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        int[] labels = [.. Enumerable.Range(0, 150).Select(row => row % 3)];
        return new([.. labels.Select(label => new[] { centres[label][0] + Noise(), centres[label][1] + Noise() })], labels);
    }

    private static IEnumerable<float[]> Logits(PerceptronNetwork network, LabelledRows rows)
    {
        var scratch = new PerceptronNetwork.Scratch(network.Shape);
        foreach (var row in rows.Features)
        {
            var logits = new float[network.Shape.ClassCount];
            network.Score(row, logits, scratch);
            yield return logits;
        }
    }

    private static int[] Predict(PerceptronNetwork network, LabelledRows rows) =>
        [.. Logits(network, rows).Select(logits => Array.IndexOf(logits, logits.Max()))];

    private static double Accuracy(PerceptronNetwork network, LabelledRows rows) =>
        Predict(network, rows).Zip(rows.Labels).Count(pair => pair.First == pair.Second) / (double)rows.Count;
}

namespace MLNet.Softmax.Numerics.Tests.Training;

public class NetworkTrainingTests
{
    private static readonly TrainingSchedule Schedule = new([8], 30, 16, 0.01f, 5, true);

    [Fact]
    public void Run_SameSeed_GivesTheSameBits()
    {
        var first = Train(Schedule, 4).Parameters.ToArray();
        var second = Train(Schedule, 4).Parameters.ToArray();

        Assert.Equal(first.Select(BitConverter.SingleToInt32Bits), second.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Run_OtherSeed_GivesOtherParameters() =>
        Assert.NotEqual(Train(Schedule, 4).Parameters.ToArray(), Train(Schedule, 5).Parameters.ToArray());

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 8 })]
    [InlineData(new[] { 8, 4 })]
    public void Run_SeparableRows_LearnsThem(int[] hiddenLayers)
    {
        var network = Train(Schedule with { HiddenLayers = hiddenLayers }, 1);

        Assert.True(Accuracy(network, Blobs(99)) > 0.95);
    }

    [Fact]
    public void Run_HiddenLayer_LearnsExclusiveOr()
    {
        var random = new Random(2);
        float[][] features = [.. Enumerable.Range(0, 400).Select(_ => new[] { (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f })];
        var labels = Array.ConvertAll(features, row => row[0] > 0 == row[1] > 0 ? 0 : 1);
        LabelledRows Rows() => new([.. features.Select(row => (float[])row.Clone())], labels);

        PerceptronNetwork Fit(int[] hidden) => new NetworkTraining(
            Schedule with { HiddenLayers = hidden, EpochCount = 100 }, TrainingObjective.Plain, null, default).Run(Rows(), LabelledRows.Empty, 2, new Random(1));

        Assert.True(Accuracy(Fit([16]), Rows()) > 0.95);
        Assert.True(Accuracy(Fit([]), Rows()) < 0.75, "No linear model can learn it.");
    }

    [Fact]
    public void Run_ValidationRows_StopsAndKeepsTheBestEpoch()
    {
        var epochs = new List<EpochLosses>();
        var validation = Blobs(5, noise: 3f);

        var network = new NetworkTraining(Schedule with { EpochCount = 300, Patience = 3 }, TrainingObjective.Plain, epochs.Add, default)
            .Run(Blobs(4, noise: 3f), validation, 3, new Random(1));

        var best = epochs.MinBy(epoch => epoch.ValidationLoss);
        Assert.Equal(best.Epoch + 3, epochs[^1].Epoch);
        Assert.Equal(best.ValidationAccuracy!.Value, Accuracy(network, Blobs(5, noise: 3f)));
    }

    [Fact]
    public void Run_HeavyClass_IsPredictedMoreOften()
    {
        int Predictions(float[] weights)
        {
            var network = new NetworkTraining(Schedule, new TrainingObjective(0, 0, weights), null, default)
                .Run(Blobs(4, noise: 8f), LabelledRows.Empty, 3, new Random(1));
            return Predict(network, Blobs(9, noise: 8f)).Count(label => label == 2);
        }

        Assert.True(Predictions([1f, 1f, 20f]) > 1.5 * Predictions([]));
    }

    [Fact]
    public void Run_HeavyRows_ArePredictedMoreOften()
    {
        int Predictions(float weight)
        {
            var rows = Blobs(4, noise: 8f);
            var network = new NetworkTraining(Schedule, TrainingObjective.Plain, null, default)
                .Run(rows with { Weights = [.. rows.Labels.Select(label => label == 2 ? weight : 1)] }, LabelledRows.Empty, 3, new Random(1));
            return Predict(network, Blobs(9, noise: 8f)).Count(label => label == 2);
        }

        Assert.True(Predictions(20f) > 1.5 * Predictions(1f));
    }

    [Fact]
    public void Run_WeightsOfOne_GiveTheSameAsNone()
    {
        var rows = Blobs(4);
        var network = new NetworkTraining(Schedule, TrainingObjective.Plain, null, default)
            .Run(rows with { Weights = [.. rows.Labels.Select(_ => 1f)] }, LabelledRows.Empty, 3, new Random(4));

        Assert.All(Train(Schedule, 4).Parameters.ToArray().Zip(network.Parameters.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Run_WholeWeights_AreRepetitionsInBothLosses()
    {
        List<EpochLosses> Losses(LabelledRows training, LabelledRows validation)
        {
            var losses = new List<EpochLosses>();
            new NetworkTraining(Schedule with { BatchSize = 1000, EpochCount = 5 }, TrainingObjective.Plain, losses.Add, default)
                .Run(training, validation, 3, new Random(1));
            return losses;
        }

        LabelledRows Weighted(int seed) => Blobs(seed, 8f) with { Weights = [.. Enumerable.Range(0, 150).Select(row => (float)(row % 4))] };
        LabelledRows Repeated(int seed)
        {
            var rows = Blobs(seed, 8f);
            int[] copies = [.. Enumerable.Range(0, 150).SelectMany(row => Enumerable.Repeat(row, row % 4))];
            return new([.. copies.Select(row => (float[])rows.Features[row].Clone())], [.. copies.Select(row => rows.Labels[row])]);
        }

        var expected = Losses(Repeated(4), Repeated(9));
        var actual = Losses(Weighted(4), Weighted(9));

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
        double Spread(float smoothing)
        {
            var network = new NetworkTraining(Schedule with { EpochCount = 100 }, new TrainingObjective(0, smoothing, []), null, default)
                .Run(Blobs(4), LabelledRows.Empty, 3, new Random(1));
            return Logits(network, Blobs(9)).Average(logits => logits.Max() - logits.Min());
        }

        Assert.True(Spread(0.2f) < 0.7 * Spread(0f));
    }

    [Fact]
    public void Run_ConstantFeature_DoesNotMoveTheScores()
    {
        var rows = Blobs(4);
        var network = new NetworkTraining(Schedule, TrainingObjective.Plain, null, default)
            .Run(rows with { Features = [.. rows.Features.Select(row => row.Append(7f).ToArray())] }, LabelledRows.Empty, 3, new Random(1));

        var same = Logits(network, new LabelledRows([[1f, 1f, 7f]], [0])).Single();
        var other = Logits(network, new LabelledRows([[1f, 1f, -900f]], [0])).Single();

        Assert.Equal(same, other);
    }

    [Fact]
    public void Run_RateFarTooHigh_SaysThatItDiverged()
    {
        var exception = Assert.Throws<InvalidOperationException>(
            () => Train(Schedule with { LearningRate = 1e30f, HiddenLayers = [8, 8], EpochCount = 50 }, 1));

        Assert.Contains("diverged", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1E+30", exception.Message, StringComparison.Ordinal);
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
        var (train, test) = Digits.Read();
        var network = new NetworkTraining(new TrainingSchedule([64], 60, 32, 0.001f, 10, true), new TrainingObjective(1e-4f, 0, []), null, default)
            .Run(Rows(train), LabelledRows.Empty, 10, new Random(1));

        Assert.True(Accuracy(network, Rows(test)) >= 0.95);
    }

    private static PerceptronNetwork Train(TrainingSchedule schedule, int seed) =>
        new NetworkTraining(schedule, TrainingObjective.Plain, null, default).Run(Blobs(4), LabelledRows.Empty, 3, new Random(seed));

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

    private static int[] Predict(PerceptronNetwork network, LabelledRows rows) => [.. Logits(network, rows).Select(logits => Array.IndexOf(logits, logits.Max()))];

    private static double Accuracy(PerceptronNetwork network, LabelledRows rows) =>
        Predict(network, rows).Zip(rows.Labels).Count(pair => pair.First == pair.Second) / (double)rows.Count;

    private static LabelledRows Rows((float[] Pixels, int Label)[] digits) =>
        new([.. digits.Select(digit => digit.Pixels)], [.. digits.Select(digit => digit.Label)]);
}

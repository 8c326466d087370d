namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class PredictionSetsTests(ITestOutputHelper output)
{
    public static MatrixTheoryData<string, PredictionSetMethod, bool> EveryWay =>
        new(["digits", "cifar10-wideresnet", "cifar10-vgg16"], Enum.GetValues<PredictionSetMethod>(), [true, false]);

    [Theory]
    [MemberData(nameof(EveryWay))]
    public void Fit_RecordedNetwork_CoversAsManyTestRowsAsPromised(string name, PredictionSetMethod method, bool randomized)
    {
        var network = RecordedNetwork.Load(name);
        var (coverage, size) = Judge(network, method, randomized, allowEmpty: true);
        // A little over three standard deviations: the coverage varies with the rows of the fit and with those of the test.
        var tolerance = 3.2 * Math.Sqrt(0.95 * 0.05 * 2 / network.HalfRows);
        Assert.InRange(coverage, 0.95 - tolerance, 0.95 + tolerance);

        var (withoutEmpty, larger) = Judge(network, method, randomized, allowEmpty: false);
        Assert.InRange(withoutEmpty, 0.95 - tolerance, 1);
        Assert.True(larger >= size);
        output.WriteLine(
            $"{name} {method}{(randomized ? " randomized" : "")}: coverage {coverage:f4}, mean size {size:f3}; "
            + $"never empty: {withoutEmpty:f4}, {larger:f3}");
    }

    [Theory]
    [InlineData("cifar10-wideresnet", true)]
    [InlineData("cifar10-wideresnet", false)]
    [InlineData("cifar10-vgg16", true)]
    [InlineData("cifar10-vgg16", false)]
    public void Fit_RecordedNetwork_RapsSetsAreNotLargerThanAps(string name, bool randomized)
    {
        var network = RecordedNetwork.Load(name);
        foreach (var allowEmpty in new[] { true, false })
        {
            var aps = Judge(network, PredictionSetMethod.Aps, randomized, allowEmpty).Size;
            Assert.True(Judge(network, PredictionSetMethod.Raps, randomized, allowEmpty).Size <= aps);
        }
    }

    [Fact]
    public void Fit_HandMadeRows_FindsTheScoresOfTheLiterature()
    {
        float[] row = [0.2f, 0.5f, 0.3f];
        double Threshold(int label, PredictionSetMethod method, double penalty = 0.25) => PredictionSets.Fit(
            [.. Enumerable.Repeat(row, 30).SelectMany(p => p)], [.. Enumerable.Repeat(label, 30)], 3,
            new() { Method = method, Randomized = false, RankPenalty = penalty, UnpenalizedRanks = 1 }).Threshold;

        Assert.Equal(0.5, Threshold(1, PredictionSetMethod.Lac), 1e-6);
        Assert.Equal(0.8, Threshold(0, PredictionSetMethod.Lac), 1e-6);
        Assert.Equal(0.5, Threshold(1, PredictionSetMethod.Aps), 1e-6);
        Assert.Equal(0.8, Threshold(2, PredictionSetMethod.Aps), 1e-6);
        Assert.Equal(1.0, Threshold(0, PredictionSetMethod.Aps), 1e-6);
        Assert.Equal(0.5, Threshold(1, PredictionSetMethod.Raps), 1e-6);
        Assert.Equal(1.05, Threshold(2, PredictionSetMethod.Raps), 1e-6);
        Assert.Equal(1.5, Threshold(0, PredictionSetMethod.Raps), 1e-6);
        Assert.Equal(1.0, Threshold(0, PredictionSetMethod.Raps, penalty: 0), 1e-6);
    }

    [Theory]
    [InlineData(PredictionSetMethod.Lac, 0.71, new[] { 1, 2 })]
    [InlineData(PredictionSetMethod.Lac, 0.45, new int[0])]
    [InlineData(PredictionSetMethod.Aps, 0.81, new[] { 1, 2 })]
    [InlineData(PredictionSetMethod.Aps, 0.45, new int[0])]
    [InlineData(PredictionSetMethod.Raps, 0.81, new[] { 1 })]
    [InlineData(PredictionSetMethod.Raps, 1.06, new[] { 1, 2 })]
    public void Apply_HandMadeRule_TakesClassesInFromTheMostProbable(PredictionSetMethod method, double threshold, int[] expected)
    {
        var rule = new PredictionSetFit(
            method, 0.9, threshold, false, true, method == PredictionSetMethod.Raps ? 0.25 : 0, 1, 0, 100, RowsLeftOut.None);
        var classes = new int[3];
        var count = PredictionSets.Apply([0.2f, 0.5f, 0.3f], rule, classes);
        Assert.Equal(expected, classes[..count]);

        count = PredictionSets.Apply([0.2f, 0.5f, 0.3f], rule with { AllowEmpty = false }, classes);
        Assert.Equal(expected.Length == 0 ? [1] : expected, classes[..count]);
    }

    [Fact]
    public void Apply_Ties_GoToTheLowerIndexAndRowsThatAreNoProbabilitiesGetNoSet()
    {
        var rule = new PredictionSetFit(PredictionSetMethod.Lac, 0.9, 0.99, false, false, 0, 1, 0, 100, RowsLeftOut.None);
        var classes = new int[4];
        Assert.Equal(4, PredictionSets.Apply([0.25f, 0.25f, 0.25f, 0.25f], rule, classes));
        Assert.Equal([0, 1, 2, 3], classes);
        Assert.Equal(0, PredictionSets.Apply([0.5f, float.NaN, 0.5f], rule, classes));
        Assert.Equal(0, PredictionSets.Apply([1.5f, -0.5f], rule, classes));
        Refusal.Of<ArgumentException>(() => PredictionSets.Apply([0.5f, 0.5f], rule, classes.AsSpan(0, 1)));
    }

    [Fact]
    public void Apply_OfManyClasses_TakesAllInAboveTheThreshold()
    {
        var rule = new PredictionSetFit(PredictionSetMethod.Lac, 0.9, 0.995, false, false, 0, 1, 0, 100, RowsLeftOut.None);
        foreach (var classCount in (int[])[128, 129, 300])
        {
            var (row, classes) = (Enumerable.Repeat(0.001f, classCount).ToArray(), new int[classCount]);
            (row[3], row[classCount - 1], row[60]) = (0.25f, 0.5f, 0.00501f);
            Assert.Equal([classCount - 1, 3, 60], classes[..PredictionSets.Apply(row, rule, classes)]);
        }

        Assert.Equal(0, PredictionSets.Apply([], rule, []));
        Assert.Throws<ArgumentNullException>("rule", () => PredictionSets.Apply([1], null!, new int[1]));
    }

    [Fact]
    public void Apply_NegativeZero_RanksAsZero()
    {
        var rule = new PredictionSetFit(PredictionSetMethod.Aps, 0.9, 0.7, false, true, 0, 1, 0, 100, RowsLeftOut.None);
        var classes = new int[3];
        Assert.Equal([1], classes[..PredictionSets.Apply([-0f, 0.6f, 0.4f], rule, classes)]);
    }

    /// <summary>The first class scores chance times its probability, and the chance is uniform from 0 to 1.</summary>
    [Fact]
    public void Apply_Randomized_TakesTheFirstClassInAsOftenAsItsShareOfTheThreshold()
    {
        var rule = new PredictionSetFit(PredictionSetMethod.Aps, 0.9, 0.27, true, true, 0, 1, 0, 100, RowsLeftOut.None);
        var classes = new int[2];
        var taken = Enumerable.Range(0, 2000).Count(row =>
        {
            var p = 0.9f + (row * 1e-6f);
            return PredictionSets.Apply([p, 1 - p], rule, classes) > 0;
        });
        Assert.InRange(taken / 2000.0, 0.26, 0.34);
    }

    [Fact]
    public void Apply_Randomized_IsTheSameForTheSameRowAndAnotherForAnotherSeed()
    {
        var network = RecordedNetwork.Load("digits");
        var rule = Fit(network, PredictionSetMethod.Aps, true, false);
        var classes = new int[10];
        var differing = 0;
        for (var row = 0; row < network.HalfRows; row++)
        {
            var p = network.TestProbabilities.Slice(row * 10, 10);
            var count = PredictionSets.Apply(p, rule, classes);
            Assert.Equal(count, PredictionSets.Apply(p, rule, classes));
            differing += count != PredictionSets.Apply(p, rule with { Seed = 1 }, classes) ? 1 : 0;
        }
        Assert.InRange(differing, 1, network.HalfRows - 1);
    }

    [Fact]
    public void Fit_Defaults_AreLacWithoutEmptySets()
    {
        var rows = MadeUpRows.Draw(99, 3, 1);
        var rule = PredictionSets.Fit(rows.Probabilities(), rows.Labels, 3);
        Assert.Equal((PredictionSetMethod.Lac, false, true), (rule.Method, rule.AllowEmpty, rule.ClassThresholds.IsDefault));
    }

    [Theory]
    [InlineData(0.9, 20, "at least 30")]
    [InlineData(0.99, 98, "at least 99")]
    public void Fit_TooFewRows_SaysHowManyTheCoverageNeeds(double coverage, int rowCount, string expected)
    {
        var rows = MadeUpRows.Draw(rowCount, 3, 1);
        var p = rows.Probabilities();
        var error = Refusal.Of<InvalidOperationException>(() => PredictionSets.Fit(p, rows.Labels, 3, new() { Coverage = coverage }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NinetyNineRows_AreEnoughForNinetyNinePercent()
    {
        var rows = MadeUpRows.Draw(99, 3, 1);
        Assert.Equal(99, PredictionSets.Fit(rows.Probabilities(), rows.Labels, 3, new() { Coverage = 0.99 }).RowsUsed);
    }

    [Fact]
    public void Add_UnusableRows_AreCountedByReason()
    {
        var scores = new ConformityScores(2);
        scores.Add([0.5f, 0.5f], -1);
        scores.Add([0.5f, 0.5f], 2);
        scores.Add([3, -2], 0);
        scores.Add([float.NaN, 1], 0);
        scores.Add([1, 1], 0);
        Assert.Equal(new RowsLeftOut(1, 1, 3, 0, 0), scores.LeftOut);
        Refusal.Of<InvalidOperationException>(scores.Fit, "not logits");
        Refusal.Of<ArgumentException>(() => scores.Add([1], 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Constructor_CoverageOutOfRange_IsRefused(double coverage) =>
        Refusal.Of<ArgumentOutOfRangeException>(() => new ConformityScores(3, new() { Coverage = coverage }));

    [Fact]
    public void Constructor_MethodOrConditionThatIsNone_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new ConformityScores(3, new() { Method = (PredictionSetMethod)3 }), "Expected Lac, Aps or Raps.");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new ConformityScores(3, new() { Conditional = (PredictionSetConditional)2 }), "Expected OnAverage or PerClass.");
    }

    private static PredictionSetFit Fit(RecordedNetwork network, PredictionSetMethod method, bool randomized, bool allowEmpty) =>
        PredictionSets.Fit(
        network.Probabilities.AsSpan(0, network.HalfRows * 10), network.Labels.AsSpan(0, network.HalfRows), 10,
        new() { Coverage = 0.95, Method = method, Randomized = randomized, AllowEmpty = allowEmpty });

    private static (double Coverage, double Size) Judge(
        RecordedNetwork network, PredictionSetMethod method, bool randomized, bool allowEmpty)
    {
        var rule = Fit(network, method, randomized, allowEmpty);
        var classes = new int[10];
        var (covered, total) = (0, 0);
        for (var row = 0; row < network.TestLabels.Length; row++)
        {
            var count = PredictionSets.Apply(network.TestProbabilities.Slice(row * 10, 10), rule, classes);
            total += count;
            covered += classes.AsSpan(0, count).Contains(network.TestLabels[row]) ? 1 : 0;
        }
        return (covered / (double)network.TestLabels.Length, total / (double)network.TestLabels.Length);
    }
}

namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class DegenerateRowsTests
{
    [Fact]
    public void Fit_OneClassPresent_NamesTheClass()
    {
        var rows = MadeUpRows.Draw(100, 3, 1);
        Array.Fill(rows.Labels, 2);
        Refusal.Of<InvalidOperationException>(() => TemperatureScaling.Fit(rows.Collect()), "All 100 rows are labelled with class 2 of 3");
    }

    [Fact]
    public void Fit_PerfectlySeparable_SaysThatNoFiniteTemperatureIsBest()
    {
        var rows = MadeUpRows.Draw(100, 3, 1);
        for (var row = 0; row < 100; row++)
            rows.Labels[row] = ArgMax.Compute(rows.Row(row));
        Refusal.Of<InvalidOperationException>(() => TemperatureScaling.Fit(rows.Collect()), "perfectly separable");
        var bounded = TemperatureScaling.Fit(rows.Collect(), new TemperatureScalingOptions { MinimumTemperature = 1 });
        Assert.Equal((1.0, FitOutcome.AtLowestTemperature, false), (bounded.Temperature, bounded.Outcome, bounded.Converged));
    }

    [Fact]
    public void Fit_AllScoresEqual_SaysThatNoScalingHelps() =>
        Refusal.Of<InvalidOperationException>(() => TemperatureScaling.Fit(MadeUpRows.Draw(100, 3, 0).Collect()), "all scores are equal");

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(99)]
    public void Fit_OneRowUnlikeAllOthers_CountsInTheChecks(int different)
    {
        // A single row with unequal scores, and the label on top of it: separable, no longer equal.
        var equal = MadeUpRows.Draw(100, 3, 0);
        equal.Logits[(different * 3) + equal.Labels[different]] = 1;
        Refusal.Of<InvalidOperationException>(() => TemperatureScaling.Fit(equal.Collect()), "perfectly separable");
        // A single row with the label below: not separable.
        var separable = MadeUpRows.Draw(100, 3, 1);
        for (var row = 0; row < 100; row++)
            separable.Labels[row] = ArgMax.Compute(separable.Row(row));
        separable.Labels[different] = (separable.Labels[different] + 1) % 3;
        Assert.True(TemperatureScaling.Fit(separable.Collect()).Converged);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void Fit_FewRows_NeedsAtLeastOneWhateverTheMinimum(int minimumRows, int rowCount)
    {
        var rows = CalibrationRows.FromLogits(new float[2 * rowCount], new int[rowCount], 2);
        Refusal.Of<InvalidOperationException>(
            () => TemperatureScaling.Fit(rows, new() { MinimumRows = minimumRows }),
            rowCount == 0 ? "found 0 usable rows and needs at least 1 " : "All 1 rows are labelled with class 0 of 2");
    }

    /// <summary>The largest logit may be 1e30 on either side of 0; below it, everything smaller is a mask.</summary>
    [Theory]
    [InlineData(false, 1e30f, 0f, true)]
    [InlineData(false, 1.0000001e30f, 0f, false)]
    [InlineData(false, -1e30f, -1e30f, true)]
    [InlineData(false, -1.0000001e30f, -1.0000001e30f, false)]
    [InlineData(false, -1.0000001e30f, 0f, true)]
    [InlineData(true, 1e30f, 0f, true)]
    [InlineData(true, 1.0000001e30f, 0f, false)]
    [InlineData(true, 0f, float.Epsilon, true)]
    [InlineData(true, 0f, 0f, false)]
    [InlineData(true, 1f, -float.Epsilon, false)]
    public void Add_ScoreAtALimit_IsKeptOrLeftOut(bool areProbabilities, float first, float second, bool isKept)
    {
        var rows = areProbabilities ? CalibrationRows.OfProbabilities(2) : CalibrationRows.OfLogits(2);
        rows.Add([first, second], first < second ? 1 : 0);
        var tile = new float[32];
        (tile[0], tile[16]) = (first, second);

        Assert.Equal((isKept ? 1 : 0, isKept ? 0 : 1), (rows.Count, rows.LeftOut.NotFinite));
        Assert.Equal(isKept, (new RowTileWriter(2, areProbabilities).OneByOne([.. tile]) & 1) != 0);
        Assert.Equal(isKept, (new RowTileWriter(2, areProbabilities).InVectors([.. tile]) & 1) != 0);
        Assert.True(areProbabilities || RowTileWriter.HasUsableMaximum([first, second]) == isKept);
    }

    [Fact]
    public void Add_UnusableRowsAmongWeightedOnes_TakeNoWeightFromThem()
    {
        var made = MadeUpRows.Draw(100, 3, 2);
        float[] weights = [.. Enumerable.Range(0, 100).Select(row => 0.25f + (row % 9))];
        var rows = CalibrationRows.OfLogits(3);
        for (var row = 0; row < 100; row++)
        {
            if (row % 3 == 0)
                rows.Add([1, float.NaN, 3], row % 2, 50);
            rows.Add(made.Row(row), made.Labels[row], weights[row]);
        }

        Assert.Equal(TemperatureScaling.Fit(made.Collect(weights)) with { RowsLeftOut = rows.LeftOut }, TemperatureScaling.Fit(rows));
    }

    [Fact]
    public void Fit_FiveRows_SaysHowManyItNeedsAndWhatWasLeftOut()
    {
        var rows = MadeUpRows.Draw(5, 3, 1).Collect();
        rows.Add([1, 2, 3], -1);
        Refusal.Of<InvalidOperationException>(
            () => TemperatureScaling.Fit(rows), "5 usable rows and needs at least 30 (left out: 1 without a label)");
    }

    [Fact]
    public void Fit_FiveRowsAllowed_Fits()
    {
        var rows = CalibrationRows.FromLogits([3, 0, 3, 0, 3, 0, 0, 3, 0, 3], [0, 0, 1, 1, 1], 2);
        var fit = TemperatureScaling.Fit(rows, new TemperatureScalingOptions { MinimumRows = 5 });
        Assert.True(fit.Converged);
        Assert.Equal(3 / Math.Log(4), fit.Temperature, 1e-5);
    }

    [Fact]
    public void Add_UnusableRows_AreCountedByReasonAndNotUsed()
    {
        var made = MadeUpRows.Draw(100, 3, 2);
        var clean = TemperatureScaling.Fit(made.Collect());
        var rows = CalibrationRows.OfLogits(3);
        for (var row = 0; row < 100; row++)
        {
            rows.Add(made.Row(row), made.Labels[row]);
            rows.Add([1, 2, 3], -1 - row);
            rows.Add([1, 2, 3], 3 + row);
            rows.Add([1, float.NaN, 3], 0);
            if (row % 2 == 0)
                rows.Add([1, float.PositiveInfinity, 3], 2);
            rows.Add([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], 1);
            rows.Add([1e31f, 0, 0], 1);
        }

        Assert.Equal(100, rows.Count);
        Assert.Equal(new RowsLeftOut(100, 100, 350, 0, 0), rows.LeftOut);
        Assert.Equal(550, rows.LeftOut.Total);
        Assert.Equal(100, rows.LabelCounts[0] + rows.LabelCounts[1] + rows.LabelCounts[2]);
        Assert.Equal(clean with { RowsLeftOut = rows.LeftOut }, TemperatureScaling.Fit(rows));
    }

    [Fact]
    public void Fit_ProbabilitiesOfExactlyZeroAndOne_StaysFinite()
    {
        var rows = CalibrationRows.OfProbabilities(3);
        for (var row = 0; row < 60; row++)
        {
            rows.Add([1, 0, 0], row % 6 == 0 ? 1 : 0);
            rows.Add([0.2f, 0.8f, 0], row % 3 == 0 ? 0 : 1);
        }
        var fit = TemperatureScaling.Fit(rows);

        Assert.Equal(120, fit.RowsUsed);
        Assert.True(fit.Converged);
        Assert.True(double.IsFinite(fit.LossBefore) && fit.LossAfter < fit.LossBefore);

        var logits = Enumerable.Range(0, 60).SelectMany(
            _ => new[] { 0f, -87.33655f, -87.33655f, MathF.Log(0.2f), MathF.Log(0.8f), -87.33655f });
        var labels = Enumerable.Range(0, 60).SelectMany(row => new[] { row % 6 == 0 ? 1 : 0, row % 3 == 0 ? 0 : 1 });
        Assert.Equal(PlainLoss.Mean(logits.ToArray(), labels.ToArray(), 3, fit.Temperature), fit.LossAfter, 1e-5);
    }

    [Fact]
    public void Add_ProbabilitiesThatAreNone_AreLeftOut()
    {
        var rows = CalibrationRows.OfProbabilities(2);
        rows.Add([-0.1f, 1.1f], 0);
        rows.Add([0, 0], 0);
        rows.Add([float.NaN, 1], 0);
        rows.Add([float.PositiveInfinity, 1], 0);
        rows.Add([0.25f, 0.75f], 0);
        Assert.Equal((1, 4), (rows.Count, rows.LeftOut.NotFinite));
    }

    [Fact]
    public void Add_MinusInfinityLogit_CountsAsTheSmallestProbability()
    {
        var infinite = CalibrationRows.FromLogits([float.NegativeInfinity, 5, 1], [2], 3);
        var finite = CalibrationRows.FromLogits([5 - 87.33655f, 5, 1], [2], 3);
        double Loss(CalibrationRows rows) => new TemperatureObjective(rows, RowWeights.All(null)).Evaluate(1).Value;
        Assert.Equal(Loss(finite), Loss(infinite));
    }

    [Fact]
    public void Add_WrongWidth_SaysBothWidths()
    {
        Refusal.Of<ArgumentException>(() => CalibrationRows.OfLogits(3).Add([1, 2], 0), "2 scores, but there are 3 classes");
        Refusal.Of<ArgumentException>(() => CalibrationRows.FromLogits([1, 2, 3], [0, 1], 2));
    }

    [Theory]
    [InlineData(new[] { 1.0, 1 }, "2 class weights, but 3 classes")]
    [InlineData(new[] { 1.0, -1, 1 }, "class 1 is -1")]
    [InlineData(new[] { 1.0, 1, double.NaN }, "class 2 is NaN")]
    [InlineData(new[] { 0.0, 0, 0 }, "every row with weight 0")]
    public void Fit_ClassWeightsThatMakeNoSense_AreRefused(double[] weights, string expected)
    {
        var rows = MadeUpRows.Draw(100, 3, 1).Collect();
        var error = Refusal.Of<ArgumentException>(() => TemperatureScaling.Fit(rows, new() { ClassWeights = weights }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_MoreThanOneChunk_AreAllSeen()
    {
        var made = MadeUpRows.Draw(3000, 300, 1);
        var rows = made.Collect();
        Assert.Equal(3000, rows.Count);
        Assert.True(rows.Chunks.Length > 1);
        Assert.Equal(made.Loss(1), new TemperatureObjective(rows, RowWeights.All(null)).Evaluate(1).Value, 1e-5);
    }
}

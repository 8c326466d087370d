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

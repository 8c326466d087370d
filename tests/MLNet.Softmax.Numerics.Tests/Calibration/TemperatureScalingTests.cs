namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class TemperatureScalingTests
{
    [Theory]
    [MemberData(nameof(RecordedNetwork.Names), MemberType = typeof(RecordedNetwork))]
    public void Fit_RecordedNetwork_FindsTheReferenceTemperatureLossAndCalibrationError(string name)
    {
        var network = RecordedNetwork.Load(name);
        var fit = TemperatureScaling.Fit(MadeUpRows.FittingRows(network));

        Assert.Equal((true, FitOutcome.Converged), (fit.Converged, fit.Outcome));
        Assert.Equal((network.HalfRows, 0), (fit.RowsUsed, fit.RowsLeftOut.Total));
        Assert.InRange(fit.Temperature / network.Number("temperature"), 1 - 1e-4, 1 + 1e-4);
        Assert.Equal(network.FitLoss, fit.LossAfter, 1e-6);
        Assert.InRange(fit.Iterations, 1, 5);

        var calibrated = network.TestLogits();
        Softmax.Rows(calibrated, RecordedNetwork.ClassCount, calibrated, (float)fit.Temperature);
        var (loss, error) = PlainLoss.Judge(calibrated, network.TestLabels, RecordedNetwork.ClassCount);
        Assert.Equal(network.Number("testAfter", "nll"), loss, 1e-6);
        Assert.Equal(network.Number("testAfter", "ece15"), error, 1e-5);
        for (var i = 0; i < calibrated.Length; i += 10)
            Assert.Equal(ArgMax.Compute(network.TestProbabilities.Slice(i, 10)), ArgMax.Compute(calibrated.AsSpan(i, 10)));
    }

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(3, 4)]
    [InlineData(10, 1)]
    [InlineData(100, 1e3)]
    [InlineData(5, 1e-3)]
    public void Fit_ScoresOfKnownScale_IsWhereThePlainLossIsLeast(int classCount, double scale)
    {
        var rows = MadeUpRows.Draw(4003, classCount, scale);
        var fit = TemperatureScaling.Fit(rows.Collect());

        Assert.True(fit.Converged);
        Assert.Equal(rows.Loss(1), fit.LossBefore, 1e-6 * Math.Max(1, rows.Loss(1)));
        Assert.Equal(rows.Loss(fit.Temperature), fit.LossAfter, 1e-6);

        // The slope of the plain loss changes sign within 2e-6 of the answer.
        double Slope(double t) => rows.Loss(t * 1.00005) - rows.Loss(t * 0.99995);
        Assert.True(Slope(fit.Temperature * 0.999998) < 0 && Slope(fit.Temperature * 1.000002) > 0);
    }

    [Fact]
    public void Fit_MoreRowsThanASampleNeeds_ReadsAllOfThemAFewTimesAndFindsTheSame()
    {
        var rows = MadeUpRows.Draw(70_000, 3, 3);
        var fit = TemperatureScaling.Fit(rows.Collect());
        Assert.True(fit.Converged);
        Assert.InRange(fit.Iterations, 1, 2);
        Assert.Equal(rows.Loss(1), fit.LossBefore, 1e-6);
        Assert.Equal(rows.Loss(fit.Temperature), fit.LossAfter, 1e-6);
        Assert.True(rows.Loss(fit.Temperature * 0.9998) > rows.Loss(fit.Temperature * 0.9999));
        Assert.True(rows.Loss(fit.Temperature * 1.0002) > rows.Loss(fit.Temperature * 1.0001));
    }

    /// <summary>
    /// From temperature 1 the first step is the longest possible one down, and the second the longest up, which ends where the search
    /// began: the middle of the bracket is next. Pairs of opposite rows with a small margin make the slope almost linear at 1.
    /// </summary>
    [Fact]
    public void Fit_StepsThatWouldGoBackAndForth_GoesToTheMiddle()
    {
        (int Count, float Margin, int Label)[] kinds = [(48, 10, 1), (10, 80, 1), (1, 20, 0), (110, 0.3f, 1), (110, 0.3f, 0)];
        var each = kinds.SelectMany(kind => Enumerable.Repeat(kind, kind.Count)).ToArray();
        var rows = new MadeUpRows([.. each.SelectMany(row => (float[])[0, row.Margin])], [.. each.Select(row => row.Label)], 2);
        var fit = TemperatureScaling.Fit(rows.Collect());

        Assert.True(fit.Converged);
        Assert.InRange(fit.Iterations, 3, 6);
        Assert.Equal(rows.Loss(fit.Temperature), fit.LossAfter, 1e-6);
        Assert.True(rows.Loss(fit.Temperature * 0.999) > rows.Loss(fit.Temperature * 0.9999));
        Assert.True(rows.Loss(fit.Temperature * 1.001) > rows.Loss(fit.Temperature * 1.0001));
    }

    [Fact]
    public void Fit_ClassWeights_MinimiseTheWeightedLoss()
    {
        var rows = MadeUpRows.Draw(3000, 4, 2);
        double[] weights = [5, 0, 1, 0.25];
        var fit = TemperatureScaling.Fit(rows.Collect(), new TemperatureScalingOptions { ClassWeights = weights });

        double Loss(double t) => rows.Loss(t, weights);
        Assert.Equal(Loss(fit.Temperature), fit.LossAfter, 1e-6);
        Assert.True(Loss(fit.Temperature) <= Loss(fit.Temperature * 1.001));
        Assert.True(Loss(fit.Temperature) <= Loss(fit.Temperature * 0.999));
    }

    [Fact]
    public void Fit_ClassWeightsOfAnyScale_GiveTheSameTemperature()
    {
        var rows = MadeUpRows.Draw(300, 3, 2);
        double Temperature(double scale) => TemperatureScaling.Fit(
            rows.Collect(), new TemperatureScalingOptions { ClassWeights = [3 * scale, scale, 2 * scale] }).Temperature;

        Assert.Equal(Temperature(1), Temperature(1e-6), 1e-4);
    }

    [Fact]
    public void Fit_ClassWeightsOfZeroForEveryRow_AreRefused()
    {
        var rows = CalibrationRows.FromLogits([.. Enumerable.Range(0, 120).Select(i => (float)(i % 7))], [.. new int[39], 1], 3);
        Refusal.OfAll<ArgumentException>("The class weights leave every row with weight 0.", "weights",
            () => TemperatureScaling.Fit(rows, new TemperatureScalingOptions { ClassWeights = [0, 0, 1] }));
    }

    [Fact]
    public void Fit_FixedTemperatureAndNoRows_IsKeptAndHasNoLoss()
    {
        var fit = TemperatureScaling.Fit(CalibrationRows.OfLogits(3), new TemperatureScalingOptions { FixedTemperature = 1.75 });

        Assert.Equal((1.75, FitOutcome.Fixed, 0, 0), (fit.Temperature, fit.Outcome, fit.RowsUsed, fit.Iterations));
        Assert.True(double.IsNaN(fit.LossBefore) && double.IsNaN(fit.LossAfter));
    }

    /// <summary>The minimum of a polynomial of the fourth degree, found by bisection of its slope.</summary>
    [Theory]
    [InlineData(-0.02, 1, 0.3, 0.5)]
    [InlineData(0.02, 2, -3, 4)]
    [InlineData(-0.004, 0.5, 2, -5)]
    public void TryMinimum_OfAPolynomial_IsThatOfItsSlope(double slope, double curvature, double third, double fourth)
    {
        double Slope(double s) => slope + (curvature * s) + (third * s * s / 2) + (fourth * s * s * s / 6);
        var (low, high) = (-0.05, 0.05);
        for (var step = 0; step < 60; step++)
            (low, high) = Slope((low + high) / 2) < 0 ? ((low + high) / 2, high) : (low, (low + high) / 2);

        Assert.True(new TemperatureLoss(1, slope, curvature, third, fourth, 0).TryMinimum(out var share, out var loss));
        Assert.Equal(low, share, 2e-6);
        double[] terms =
            [1, slope * share, curvature * share * share / 2, third * Math.Pow(share, 3) / 6, fourth * Math.Pow(share, 4) / 24];
        Assert.Equal(terms.Sum(), loss, 1e-14);
    }

    [Fact]
    public void Fit_FixedTemperature_IsKeptAndMeasured()
    {
        var rows = MadeUpRows.Draw(200, 3, 2);
        var fit = TemperatureScaling.Fit(rows.Collect(), new TemperatureScalingOptions { FixedTemperature = 1.75 });

        Assert.Equal((1.75, FitOutcome.Fixed, true), (fit.Temperature, fit.Outcome, fit.Converged));
        Assert.Equal(rows.Loss(1), fit.LossBefore, 1e-6);
        Assert.Equal(rows.Loss(1.75), fit.LossAfter, 1e-6);
    }

    [Fact]
    public void Fit_MinimumBelowTheLowestTemperature_SaysSo()
    {
        var fit = TemperatureScaling.Fit(MadeUpRows.Draw(500, 3, 0.5).Collect(), new TemperatureScalingOptions { MinimumTemperature = 1 });
        Assert.Equal((1.0, FitOutcome.AtLowestTemperature, false), (fit.Temperature, fit.Outcome, fit.Converged));
    }

    [Fact]
    public void Fit_ScoresThatPointAway_EndsAtTheHighestTemperatureAndSaysSo()
    {
        var rows = MadeUpRows.Draw(500, 3, -1);
        var fit = TemperatureScaling.Fit(rows.Collect());
        Assert.Equal((FitOutcome.AtHighestTemperature, false), (fit.Outcome, fit.Converged));
        Assert.Equal(1e4, fit.Temperature, 1e-6);
        Assert.Equal(Math.Log(3), fit.LossAfter, 1e-3);
    }

    [Fact]
    public void Fit_OneIterationAllowed_SaysThatItDidNotConverge()
    {
        var fit = TemperatureScaling.Fit(MadeUpRows.Draw(500, 3, 4).Collect(), new TemperatureScalingOptions { MaximumIterations = 1 });
        Assert.Equal((FitOutcome.IterationsExhausted, false), (fit.Outcome, fit.Converged));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(4)]
    [InlineData(1e3)]
    public void Fit_AsManyIterationsAsItNeeds_ConvergesAndWithOneLessDoesNot(double scale)
    {
        var rows = MadeUpRows.Draw(500, 3, scale).Collect();
        var fit = TemperatureScaling.Fit(rows);

        Assert.True(fit.Iterations > 1);
        Assert.Equal(fit, TemperatureScaling.Fit(rows, new() { MaximumIterations = fit.Iterations }));
        var stopped = TemperatureScaling.Fit(rows, new() { MaximumIterations = fit.Iterations - 1 });
        Assert.Equal((FitOutcome.IterationsExhausted, fit.Iterations - 1), (stopped.Outcome, stopped.Iterations));
    }

    [Fact]
    public void Fit_BestTemperatureJustInsideOrOutsideTheRange_SaysWhich()
    {
        var rows = MadeUpRows.Draw(500, 3, 2).Collect();
        var best = TemperatureScaling.Fit(rows).Temperature;
        void Check(FitOutcome outcome, double expected, double lowest, double highest)
        {
            var fit = TemperatureScaling.Fit(rows, new() { MinimumTemperature = lowest, MaximumTemperature = highest });
            Assert.Equal(outcome, fit.Outcome);
            Assert.Equal(expected, fit.Temperature, 1e-5 * expected);
        }

        Check(FitOutcome.Converged, best, best * 0.999, best * 1.001);
        Check(FitOutcome.AtHighestTemperature, best * 0.999, best * 0.5, best * 0.999);
        Check(FitOutcome.AtLowestTemperature, best * 1.001, best * 1.001, best * 2);
        Check(FitOutcome.AtHighestTemperature, best * 0.5, best * 0.25, best * 0.5);
        Check(FitOutcome.AtLowestTemperature, best * 2, best * 2, best * 4);
    }

    /// <summary>The slope of a row in 1/T is the mean score under its softmax without that of the label.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_FixedTemperature_MeasuresTheLargestShareOfARow(bool weighted)
    {
        var rows = MadeUpRows.Draw(100, 3, 2);
        float[]? weights = weighted ? [.. Enumerable.Range(0, 100).Select(row => 0.25f + (row % 7))] : null;
        var fit = TemperatureScaling.Fit(rows.Collect(weights), new() { FixedTemperature = 1.75 });
        var squares = Enumerable.Range(0, 100).Select(row =>
        {
            double[] scores = [.. rows.Row(row).ToArray().Select(z => z / 1.75)];
            var mean = PlainLoss.Softmax(scores).Zip(scores, (p, z) => p * z).Sum();
            return Math.Pow((weights?[row] ?? 1) * (mean - scores[rows.Labels[row]]), 2);
        }).ToArray();

        Assert.Equal(squares.Max() / squares.Sum(), fit.LargestRowShare, 1e-5);
        Assert.Equal((100L, 1), (fit.RowsUsed, fit.Iterations));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Fit_TemperaturesOutOfRange_AreRefused(double temperature)
    {
        var rows = MadeUpRows.Draw(100, 3, 1).Collect();
        Refusal.Of<ArgumentOutOfRangeException>(() => TemperatureScaling.Fit(rows, new() { FixedTemperature = temperature }));
        Refusal.Of<ArgumentOutOfRangeException>(() => TemperatureScaling.Fit(rows, new() { MinimumTemperature = temperature }));
        Refusal.Of<ArgumentOutOfRangeException>(() => TemperatureScaling.Fit(rows, new() { MaximumTemperature = temperature }));
    }
}

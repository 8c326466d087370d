namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>Weights of rows: weight n counts as n equal rows in every fit.</summary>
public sealed class WeightedRowsTests
{
    /// <summary>
    /// No cross-validation, because repeated rows are divided into other folds; and a search that goes on until its parameters are exact to
    /// more digits than the tests ask for.
    /// </summary>
    private static readonly ScalingOptions Exact = new() { CrossValidationFolds = 0, GradientTolerance = 1e-8 };

    [Fact]
    public void Temperature_IntegerWeights_GiveTheFitOfRepeatedRows()
    {
        var (weighted, repeated) = WeightedAndRepeated();
        var (fit, expected) = (TemperatureScaling.Fit(weighted), TemperatureScaling.Fit(repeated));
        AssertNear([expected.Temperature, expected.LossBefore, expected.LossAfter], [fit.Temperature, fit.LossBefore, fit.LossAfter]);
        Assert.Equal((500, expected.Iterations), (fit.RowsUsed, fit.Iterations));

        var given = new TemperatureScalingOptions { FixedTemperature = 1.7 };
        AssertNear([TemperatureScaling.Fit(repeated, given).LossAfter], [TemperatureScaling.Fit(weighted, given).LossAfter]);
    }

    [Theory]
    [InlineData("vector")]
    [InlineData("matrix")]
    [InlineData("dirichlet")]
    public void Scaling_IntegerWeights_GiveTheFitOfRepeatedRows(string kind)
    {
        var (weighted, repeated) = WeightedAndRepeated();
        ScalingFit Fit(CalibrationRows rows) => kind switch
        {
            "vector" => VectorScaling.Fit(rows, Exact),
            "matrix" => MatrixScaling.Fit(rows, Exact),
            _ => DirichletCalibration.Fit(rows, Exact),
        };
        var (fit, expected) = (Fit(weighted), Fit(repeated));
        Assert.True(fit.Converged && expected.Converged);
        AssertNear([expected.Temperature, expected.LossBefore, expected.LossAfter], [fit.Temperature, fit.LossBefore, fit.LossAfter]);
        foreach (var (a, b) in expected.Weights.Concat(expected.Intercepts).Zip(fit.Weights.Concat(fit.Intercepts)))
            Assert.Equal(a, b, 1e-9);
    }

    [Fact]
    public void Isotonic_IntegerWeights_GiveTheCurvesOfRepeatedRows()
    {
        var (weighted, repeated) = WeightedAndRepeated();
        var (fit, expected) = (IsotonicCalibration.Fit(weighted), IsotonicCalibration.Fit(repeated));
        AssertNear([expected.LossBefore, expected.LossAfter], [fit.LossBefore, fit.LossAfter]);
        foreach (var (a, b) in expected.Curves.Zip(fit.Curves))
        {
            Assert.Equal(a.Inputs, b.Inputs);
            Assert.Equal(a.Outputs, b.Outputs);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(6000)]
    public void Isotonic_AnyWeights_IsPlainWeightedPooling(int rowCount)
    {
        var made = MadeUpRows.Draw(rowCount, 3, 2);
        var random = new Random(3);
        var weights = made.Labels.Select(_ => random.NextSingle() * 3 + 0.01f).ToArray();
        var fit = IsotonicCalibration.Fit(
            made.Collect(weights), new() { ClassWeights = [1, 0.5, 2] });
        for (var k = 0; k < 3; k++)
        {
            var points = made.Labels.Select((label, row) =>
            {
                var z = made.Row(row);
                var weight = weights[row] * (label == 0 ? 1 : label == 1 ? 0.5 : 2);
                return (Input: MathF.Exp(z[k] - LogSumExp.Compute(z)), Target: label == k ? 1.0 : 0, Weight: weight);
            });
            // The probabilities of the fit are rounded otherwise, and the curve can be steep there.
            foreach (var (input, expected) in PlainPooling(points))
            {
                Assert.InRange(
                    expected, fit.Curves[k].Evaluate(input * (1 - 1e-6)) - 1e-6, fit.Curves[k].Evaluate(input * (1 + 1e-6)) + 1e-6);
            }
        }
    }

    [Fact]
    public void CrossValidation_Weights_CountInEveryFoldAndInItsJudgement()
    {
        var made = MadeUpRows.Draw(300, 3, 2);
        var weights = made.Labels.Select((label, row) => 0.25f + (row * 7 + label) % 5).ToArray();
        var rows = made.Collect(weights);
        var actual = VectorScaling.Fit(rows, new() { CrossValidationFolds = 4 }).CrossValidation!;

        double temperature = 0, calibrator = 0;
        for (var fold = 0; fold < 4; fold++)
        {
            var inside = Enumerable.Range(0, 300)
                .Where(row => RowWeights.All(null).Inside(fold, 4).OfTile(new(rows.Chunks[0], 0, row / 16))[row % 16] > 0).ToHashSet();
            var fitting = CalibrationRows.OfLogits(3);
            foreach (var row in Enumerable.Range(0, 300).Except(inside))
                fitting.Add(made.Row(row), made.Labels[row], weights[row]);
            var t = TemperatureScaling.Fit(fitting).Temperature;
            var fit = VectorScaling.Fit(fitting, Exact);
            foreach (var row in inside)
            {
                var z = made.Logits.Skip(row * 3).Take(3).ToArray();
                temperature += weights[row] * PlainLoss.OfRow([.. z.Select(x => x / t)], made.Labels[row]);
                calibrator += weights[row] * PlainLoss.OfRow(
                    [.. z.Select((x, k) => fit.Weights[k] * x + fit.Intercepts[k])], made.Labels[row]);
            }
        }
        Assert.Equal(temperature / weights.Sum(), actual.Temperature, 1e-6);
        Assert.Equal(calibrator / weights.Sum(), actual.Calibrator, 1e-5);
    }

    [Fact]
    public void Fit_WeightsOfRowsAndClasses_Multiply()
    {
        var made = MadeUpRows.Draw(300, 3, 2);
        float[] ofRows = [.. made.Labels.Select((_, row) => 1f + row % 3)];
        double[] ofClasses = [2, 1, 4];
        float[] products = [.. ofRows.Zip(made.Labels, (weight, label) => weight * (float)ofClasses[label])];
        var both = TemperatureScaling.Fit(
            made.Collect(ofRows), new() { ClassWeights = ofClasses });
        Assert.Equal(TemperatureScaling.Fit(made.Collect(products)), both);
    }

    [Fact]
    public void Fit_WeightsOfAnyScale_ChangeNothing()
    {
        var made = MadeUpRows.Draw(300, 3, 2);
        float[] weights = [.. made.Labels.Select((_, row) => 1f + row % 3)];
        var expected = TemperatureScaling.Fit(made.Collect(weights)).Temperature;
        foreach (var scale in new[] { 1e-30f, 1e-3f, 1e30f })
        {
            var scaled = made.Collect([.. weights.Select(weight => weight * scale)]);
            Assert.Equal(expected, TemperatureScaling.Fit(scaled).Temperature, 1e-6);
        }
    }

    [Fact]
    public void Add_WeightsThatCountNothing_AreLeftOutByReason()
    {
        var made = MadeUpRows.Draw(100, 3, 2);
        var rows = CalibrationRows.OfLogits(3);
        for (var row = 0; row < 100; row++)
        {
            rows.Add(made.Row(row), made.Labels[row], 2);
            rows.Add([1, 2, 3], 0, 0);
            rows.Add([1, 2, 3], 0, row % 3 == 0 ? float.NaN : row % 3 == 1 ? -1 : float.PositiveInfinity);
            rows.Add([1, 2, float.NaN], 0, 5);
            rows.Add([1, 2, 3], 7, 0);
        }
        Assert.Equal(100, rows.Count);
        Assert.Equal(
            new RowsLeftOut(MissingLabel: 0, UnknownLabel: 100, NotFinite: 100, InvalidWeight: 100, ZeroWeight: 100), rows.LeftOut);
        Assert.Equal(
            "100 with a label that is none of the classes, 100 with NaN or otherwise unusable scores, "
            + "100 with a negative, NaN or infinite weight, 100 with weight 0",
            rows.LeftOut.ToString());
        Assert.Equal(TemperatureScaling.Fit(made.Collect()).Temperature, TemperatureScaling.Fit(rows).Temperature, 1e-12);
    }

    [Fact]
    public void Rows_WeightsFromALaterChunkOn_CountFromThere()
    {
        var made = MadeUpRows.Draw(3000, 300, 1);
        float[] weights = [.. made.Labels.Select((_, row) => row < 2000 ? 1f : 0.5f + row % 4)];
        var rows = made.Collect(weights);
        Assert.Null(rows.Chunks[0].Weights);
        Assert.NotNull(rows.Chunks[^1].Weights);
        double expected = 0;
        for (var row = 0; row < 3000; row++)
            expected += weights[row] * PlainLoss.OfRow([.. made.Logits.Skip(row * 300).Take(300).Select(z => (double)z)], made.Labels[row]);
        Assert.Equal(expected / weights.Sum(), new TemperatureObjective(rows, RowWeights.All(null)).Evaluate(1).Value, 1e-5);

        Assert.All(made.Collect([.. made.Labels.Select(_ => 1f)]).Chunks.ToArray(), chunk => Assert.Null(chunk.Weights));
    }

    [Fact]
    public void From_WeightsThatAreNotOneARow_AreRefused()
    {
        const string Expected = "2 labels need as many weights";
        Refusal.Of<ArgumentException>(() => CalibrationRows.FromLogits([1, 2, 3, 4], [0, 1], 2, [1]), Expected);
        Assert.Equal("scores", Refusal.Of<ArgumentException>(() => CalibrationRows.FromLogits([1, 2, 3], [0, 1], 2)).ParamName);
        Refusal.Of<ArgumentException>(() => PredictionSets.Fit([0.5f, 0.5f, 1, 0], [0, 1], 2, weights: [1]), Expected);
    }

    [Theory]
    [InlineData(0.5, 0.4)]
    [InlineData(0.6, 0.4)]
    [InlineData(0.64, 0.4)]
    [InlineData(0.66, 0.6)]
    [InlineData(0.85, 0.6)]
    [InlineData(0.9, 0.8)]
    public void PredictionSets_Weights_TakeTheWeightedQuantile(double coverage, double expected)
    {
        // Scores 1 - p of the labels: 0.2, 0.4, 0.6, 0.8 with weights 1, 5.5, 2, 0.5 gather 1, 6.5, 8.5, 9; sought is (9 + 1) * coverage.
        var scores = new ConformityScores(2, new() { Method = PredictionSetMethod.Lac, Coverage = coverage, MinimumRows = 4 });
        scores.Add([0.4f, 0.6f], 0, 2);
        scores.Add([0.2f, 0.8f], 0, 0.5f);
        scores.Add([0.8f, 0.2f], 0, 1);
        scores.Add([0.6f, 0.4f], 0, 5.5f);
        scores.Add([0.6f, 0.4f], 0, 0);
        scores.Add([0.6f, 0.4f], 0, -1);
        var fit = scores.Fit();
        Assert.Equal(expected, fit.Threshold, 1e-6);
        Assert.Equal((4, new RowsLeftOut(0, 0, 0, InvalidWeight: 1, ZeroWeight: 1)), (fit.RowsUsed, fit.RowsLeftOut));
    }

    [Fact]
    public void PredictionSets_WeightsTooSmallForTheCoverage_SayTheirTotal()
    {
        var made = MadeUpRows.Draw(100, 3, 1);
        var p = made.Probabilities();
        float[] weights = [.. made.Labels.Select(_ => 0.05f)];
        Refusal.Of<InvalidOperationException>(
            () => PredictionSets.Fit(p, made.Labels, 3, weights: weights), "100 usable rows of total weight 5 and need");
    }

    [Theory]
    [InlineData(PredictionSetMethod.Lac)]
    [InlineData(PredictionSetMethod.Aps)]
    [InlineData(PredictionSetMethod.Raps)]
    public void PredictionSets_IntegerWeights_GiveTheThresholdOfRepeatedRows(PredictionSetMethod method)
    {
        var made = MadeUpRows.Draw(200, 4, 1);
        var p = made.Probabilities();
        foreach (var coverage in new[] { 0.5, 0.8, 0.9, 0.95, 0.99 })
        {
            var options = new PredictionSetOptions { Method = method, Coverage = coverage };
            var (weighted, repeated) = (new ConformityScores(4, options), new ConformityScores(4, options));
            for (var row = 0; row < 200; row++)
            {
                weighted.Add(p.AsSpan(row * 4, 4), made.Labels[row], 1 + row % 3);
                for (var i = 0; i < 1 + row % 3; i++)
                    repeated.Add(p.AsSpan(row * 4, 4), made.Labels[row]);
            }
            Assert.Equal(repeated.Fit().Threshold, weighted.Fit().Threshold);
        }
    }

    private static void AssertNear(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second / pair.First, 1 - 1e-9, 1 + 1e-9));

    private static (CalibrationRows Weighted, CalibrationRows Repeated) WeightedAndRepeated()
    {
        var made = MadeUpRows.Draw(500, 4, 2);
        var (weighted, repeated) = (CalibrationRows.OfLogits(4), CalibrationRows.OfLogits(4));
        for (var row = 0; row < 500; row++)
        {
            var weight = 1 + (row * 5 + made.Labels[row]) % 4;
            weighted.Add(made.Row(row), made.Labels[row], weight);
            for (var i = 0; i < weight; i++)
                repeated.Add(made.Row(row), made.Labels[row]);
        }
        return (weighted, repeated);
    }

    /// <summary>Pools the first two neighbours out of order, again and again, until there are none.</summary>
    private static IEnumerable<(float Input, double Value)> PlainPooling(IEnumerable<(float Input, double Target, double Weight)> points)
    {
        var groups = points.GroupBy(point => point.Input).OrderBy(group => group.Key).Select(group =>
        (
            Inputs: new List<float> { group.Key },
            Sum: group.Sum(point => point.Weight * point.Target),
            Weight: group.Sum(point => point.Weight))).ToList();
        for (var i = 0; i < groups.Count - 1;)
        {
            var (lower, upper) = (groups[i], groups[i + 1]);
            if (lower.Sum / lower.Weight < upper.Sum / upper.Weight)
            {
                i++;
                continue;
            }
            lower.Inputs.AddRange(upper.Inputs);
            groups[i] = (lower.Inputs, lower.Sum + upper.Sum, lower.Weight + upper.Weight);
            groups.RemoveAt(i + 1);
            i = 0;
        }
        return groups.SelectMany(group => group.Inputs.Select(input => (input, group.Sum / group.Weight)));
    }
}

namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class ScalingTests
{
    private static readonly ScalingOptions Unregularised = new()
    {
        DiagonalRegularization = 0,
        OffDiagonalRegularization = 0,
        InterceptRegularization = 0,
        CrossValidationFolds = 0,
    };

    [Theory]
    [InlineData("digits", 0.475506)]
    [InlineData("cifar10-wideresnet", 0.235018)]
    [InlineData("cifar10-vgg16", 0.183275)]
    public void VectorScaling_Unregularised_ReachesTheReferenceLossOnTestRows(string name, double expected)
    {
        var network = RecordedNetwork.Load(name);
        var fit = VectorScaling.Fit(MadeUpRows.FittingRows(network), Unregularised);
        Assert.True(fit.Converged);
        Assert.Null(fit.CrossValidation);
        Assert.Equal(expected, TestLoss(network, (z, p) => VectorScaling.Apply(z, fit.Weights.AsSpan(), fit.Intercepts.AsSpan(), p)), 1e-4);
    }

    [Theory]
    [InlineData("cifar10-wideresnet", 0.231376)]
    [InlineData("cifar10-vgg16", 0.186047)]
    public void MatrixScaling_Unregularised_ReachesTheReferenceLossOnTestRows(string name, double expected)
    {
        var network = RecordedNetwork.Load(name);
        var fit = MatrixScaling.Fit(MadeUpRows.FittingRows(network), Unregularised);
        Assert.Equal(expected, TestLoss(network, (z, p) => MatrixScaling.Apply(z, fit.Weights.AsSpan(), fit.Intercepts.AsSpan(), p)), 1e-4);
    }

    [Theory]
    [InlineData("digits", 0.5915, false)]
    [InlineData("digits", 0.5915, true)]
    [InlineData("cifar10-wideresnet", 0.232, false)]
    [InlineData("cifar10-vgg16", 0.186, false)]
    [InlineData("cifar10-wideresnet", 0.232, true)]
    [InlineData("cifar10-vgg16", 0.186, true)]
    public void MatrixScalingAndDirichlet_Defaults_StayBelowTheLossAskedFor(string name, double atMost, bool dirichlet)
    {
        var network = RecordedNetwork.Load(name);
        var rows = MadeUpRows.FittingRows(network);
        var fit = dirichlet ? DirichletCalibration.Fit(rows) : MatrixScaling.Fit(rows);
        var loss = TestLoss(network, (z, p) =>
        {
            if (dirichlet)
                DirichletCalibration.Apply(z, fit.Weights.AsSpan(), fit.Intercepts.AsSpan(), p);
            else
                MatrixScaling.Apply(z, fit.Weights.AsSpan(), fit.Intercepts.AsSpan(), p);
        });
        Assert.True(fit.Converged);
        Assert.InRange(loss, 0.1, atMost);
        Assert.InRange(fit.Temperature / network.Number("temperature"), 1 - 1e-4, 1 + 1e-4);
        Assert.False(fit.CrossValidation!.LosesToTemperature);
    }

    [Fact]
    public void Dirichlet_LogitsMovedRowByRow_GivesTheSameFit()
    {
        var rows = MadeUpRows.Draw(400, 3, 2);
        var moved = rows with { Logits = [.. rows.Logits.Select((z, i) => z + i / 3 % 7)] };
        var (fit, other) = (DirichletCalibration.Fit(rows.Collect()), DirichletCalibration.Fit(moved.Collect()));
        Assert.Equal(fit.LossAfter, other.LossAfter, 1e-6);
        for (var i = 0; i < 9; i++)
            Assert.Equal(fit.Weights[i], other.Weights[i], 1e-3);
    }

    [Fact]
    public void Fit_UnregularisedAndSeparableByAMatrix_SaysThatThereIsNoMinimum()
    {
        // The true class's score is the lowest but one: no temperature gets it right, a matrix does.
        var rows = CalibrationRows.OfLogits(3);
        for (var row = 0; row < 60; row++)
        {
            float[] scores = [0, 0, 0];
            scores[(row + 1) % 3] = 2 + row % 5;
            rows.Add(scores, row % 3);
        }
        var unheld = MatrixScaling.Fit(rows, Unregularised);
        Assert.Equal((FitOutcome.Separable, false), (unheld.Outcome, unheld.Converged));
        Assert.True(MatrixScaling.Fit(rows).Converged);
    }

    /// <summary>A row whose true class is masked is left out, so it cannot make the other rows inseparable.</summary>
    [Fact]
    public void Fit_SeparableRowsBesidesThoseWithAMaskedLabel_SaysThatThereIsNoMinimum()
    {
        var rows = CalibrationRows.OfLogits(3);
        for (var row = 0; row < 70; row++)
        {
            // Class 0 has most rows, so that the intercepts differ.
            var label = row < 40 ? 0 : 1 + (row % 2);
            float[] scores = [0, 0, 0];
            scores[(label + 1) % 3] = 2 + row % 5;
            rows.Add(scores, label);
        }

        rows.Add([-1e9f, 1, 2], 0);
        rows.Add([1, -1e9f, 2], 1);
        rows.Add([1, 2, -1e9f], 2);
        var fit = MatrixScaling.Fit(rows, Unregularised);
        Assert.Equal((FitOutcome.Separable, 70, 3), (fit.Outcome, fit.RowsUsed, fit.RowsLeftOut.RuledOutLabel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Fit_ClassWithoutRows_NeedsAnInterceptPenalty(int absent)
    {
        var rows = MadeUpRows.Draw(300, 4, 2);
        for (var row = 0; row < 300; row++)
            rows.Labels[row] = rows.Labels[row] == absent ? 2 : rows.Labels[row];
        Refusal.Of<InvalidOperationException>(
            () => VectorScaling.Fit(rows.Collect(), new() { InterceptRegularization = 0 }), $"No row is labelled with class {absent}");
        Assert.True(VectorScaling.Fit(rows.Collect()).Converged);
    }

    [Theory]
    [InlineData("one class")]
    [InlineData("separable")]
    [InlineData("equal scores")]
    [InlineData("five rows")]
    public void Fit_DegenerateRows_AreRefusedAsByTemperature(string kind)
    {
        var made = MadeUpRows.Draw(kind == "five rows" ? 5 : 100, 3, kind == "equal scores" ? 0 : 1);
        for (var row = 0; row < made.Labels.Length; row++)
        {
            made.Labels[row] = kind switch
            {
                "one class" => 1,
                "separable" => ArgMax.Compute(made.Row(row)),
                _ => made.Labels[row],
            };
        }
        var rows = made.Collect();
        var expected = Refusal.Of<InvalidOperationException>(() => TemperatureScaling.Fit(rows)).Message;
        foreach (var fit in (Action[])
            [() => VectorScaling.Fit(rows), () => MatrixScaling.Fit(rows), () => DirichletCalibration.Fit(rows)])
            Assert.Equal(expected, Assert.Throws<InvalidOperationException>(fit).Message);
    }

    [Fact]
    public void Fit_OneStepAllowed_SaysThatItDidNotConverge()
    {
        var rows = MadeUpRows.Draw(200, 3, 2).Collect();
        var temperature = TemperatureScaling.Fit(rows);
        var fit = MatrixScaling.Fit(rows, new() { MaximumIterations = 1 });

        Assert.Equal((FitOutcome.IterationsExhausted, false), (fit.Outcome, fit.Converged));
        Assert.True(fit.Iterations > temperature.Iterations);
        Assert.Equal((temperature.Temperature, temperature.LargestRowShare), (fit.Temperature, fit.LargestRowShare));
        // If the gradient may be this large, the start is good enough.
        var start = MatrixScaling.Fit(rows, new() { GradientTolerance = 1e9 });
        Assert.Equal((FitOutcome.Converged, temperature.Iterations + 1), (start.Outcome, start.Iterations));
        Assert.Equal(temperature.LossAfter, start.LossAfter, 1e-6);
        Assert.Equal(1 / temperature.Temperature, start.Weights[4], 1e-12);
    }

    /// <summary>Logits of any magnitude, in place or not, by the plain formula.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    [InlineData(-2000)]
    public void Apply_AnyRow_IsTheFormula(float offset)
    {
        const int ClassCount = 5;
        var random = new Random(3);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            float[] logits = [.. Enumerable.Range(0, ClassCount).Select(_ => offset + (20 * random.NextSingle()))];
            double[] weights = [.. Enumerable.Range(0, ClassCount * ClassCount).Select(_ => random.NextDouble() - 0.3)];
            double[] intercepts = [.. Enumerable.Range(0, ClassCount).Select(_ => 4 * random.NextDouble())];
            var logarithms = PlainLoss.Softmax([.. logits.Select(z => (double)z)]).Select(p => Math.Log(p)).ToArray();
            double[] Product(IEnumerable<double> z) =>
                [.. intercepts.Select((intercept, k) => intercept + z.Select((value, j) => weights[(k * ClassCount) + j] * value).Sum())];

            var vector = PlainLoss.Softmax([.. intercepts.Select((intercept, k) => intercept + (weights[k] * logits[k]))]);
            Check(vector, p => VectorScaling.Apply(logits, weights.AsSpan(0, ClassCount), intercepts, p));
            Check(PlainLoss.Softmax(Product(logits.Select(z => (double)z))), p => MatrixScaling.Apply(logits, weights, intercepts, p));
            Check(PlainLoss.Softmax(Product(logarithms)), p => DirichletCalibration.Apply(logits, weights, intercepts, p));
        }

        static void Check(double[] expected, Action<float[]> apply)
        {
            var actual = new float[ClassCount];
            apply(actual);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    /// <summary>A class that always scores 0, as a reference class does: its logits have no deviation to divide by.</summary>
    [Fact]
    public void Fit_ClassOfConstantLogits_ReachesTheLossOfATemperatureAtLeast()
    {
        var made = MadeUpRows.Draw(400, 3, 1.5);
        for (var row = 0; row < 400; row++)
        {
            for (var k = 2; k >= 0; k--)
                made.Logits[(row * 3) + k] -= made.Logits[row * 3];
        }

        var rows = made.Collect();
        var temperature = TemperatureScaling.Fit(rows);
        foreach (var fit in (ScalingFit[])[VectorScaling.Fit(rows), MatrixScaling.Fit(rows)])
        {
            Assert.Equal(FitOutcome.Converged, fit.Outcome);
            Assert.True(fit.LossAfter <= temperature.LossAfter);
            Assert.All(fit.Weights.Concat(fit.Intercepts), value => Assert.True(double.IsFinite(value)));
        }
    }

    [Fact]
    public void Apply_RowsWithoutADistribution_AreAllNaNAndMinusInfinityIsNot()
    {
        double[] weights = [1, 0.2, 0.1, 0, 1, 0, 0, -0.5, 1];
        var p = new float[3];
        float[] impossible = [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity];
        foreach (var z in new float[][] { [1, float.NaN, 2], [1, float.PositiveInfinity, 2], impossible })
        {
            MatrixScaling.Apply(z, weights, [0, 0, 0], p);
            Assert.All(p, x => Assert.True(float.IsNaN(x)));
        }
        MatrixScaling.Apply([1, float.NegativeInfinity, 2], weights, [0, 0, 0], p);
        Assert.Equal(1, p.Sum(), 1e-6);
        Refusal.Of<ArgumentException>(() => MatrixScaling.Apply([1, 2], weights, [0, 0], p));
        Refusal.Of<ArgumentException>(() => VectorScaling.Apply([1, 2], [1, 1], [0], p));
        Refusal.Of<ArgumentException>(() => VectorScaling.Apply([1, 2], [1, 1], [0, 0], p.AsSpan(0, 1)));
    }

    [Fact]
    public void Fit_OptionsOutOfRange_AreRefused()
    {
        var rows = MadeUpRows.Draw(100, 3, 1).Collect();
        Refusal.Of<ArgumentOutOfRangeException>(() => VectorScaling.Fit(rows, new() { DiagonalRegularization = -1 }));
        Refusal.Of<ArgumentOutOfRangeException>(() => MatrixScaling.Fit(rows, new() { OffDiagonalRegularization = double.NaN }));
        Refusal.Of<ArgumentOutOfRangeException>(
            () => MatrixScaling.Fit(rows, new() { GradientTolerance = 0 }), "The gradient tolerance must be above 0.");
        Refusal.Of<ArgumentOutOfRangeException>(() => MatrixScaling.Fit(rows, new() { CrossValidationFolds = 1 }));
    }

    private delegate void Application(ReadOnlySpan<float> logits, Span<float> probabilities);

    private static double TestLoss(RecordedNetwork network, Application apply)
    {
        var logits = network.TestLogits();
        var calibrated = new float[logits.Length];
        for (var i = 0; i < logits.Length; i += 10)
            apply(logits.AsSpan(i, 10), calibrated.AsSpan(i, 10));
        return PlainLoss.Judge(calibrated, network.TestLabels, 10).LogLoss;
    }
}

namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class IsotonicCalibrationTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void PoolAdjacentViolators_RandomPoints_IsTheMinMaxFormula(int seed, bool weighted)
    {
        var random = new Random(seed);
        var inputs = Enumerable.Range(0, 60).Select(_ => random.Next(40) / 40f).Order().ToArray();
        var targets = inputs.Select(x => random.NextDouble() < x ? (byte)1 : (byte)0).ToArray();
        var weights = weighted ? inputs.Select(_ => random.Next(1, 5) / 2f).ToArray() : [];
        var keys = inputs.Select((input, row) => IsotonicKey.Of(input, row, targets[row] == 1)).ToArray();
        var curve = PoolAdjacentViolators.ToCurve(PoolAdjacentViolators.Fit(keys, weights).ToArray());

        // g(x) = max over a <= x of min over b >= x of the mean target in [a, b].
        var levels = inputs.Distinct().ToArray();
        double Mean(float a, float b)
        {
            var inside = Enumerable.Range(0, 60).Where(i => inputs[i] >= a && inputs[i] <= b).ToArray();
            double Weight(int i) => weighted ? weights[i] : 1;
            return inside.Sum(i => Weight(i) * targets[i]) / inside.Sum(Weight);
        }
        foreach (var x in levels)
        {
            var expected = levels.Where(a => a <= x).Max(a => levels.Where(b => b >= x).Min(b => Mean(a, b)));
            Assert.Equal(expected, curve.Evaluate(x), 1e-6);
        }
    }

    [Fact]
    public void Curve_BetweenAndBeyondKnots_IsLinearAndClipped()
    {
        var curve = new IsotonicCurve([0.2f, 0.4f, 0.8f], [0.1f, 0.1f, 0.9f]);
        Assert.Equal(0.1, curve.Evaluate(0), 1e-7);
        Assert.Equal(0.1, curve.Evaluate(0.3), 1e-7);
        Assert.Equal(0.5, curve.Evaluate(0.6), 1e-6);
        Assert.Equal(0.9, curve.Evaluate(1), 1e-7);
        Assert.True(double.IsNaN(curve.Evaluate(double.NaN)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(30)]
    public void Apply_RandomCurves_InterpolatesAndRenormalises(int knotCount)
    {
        var random = new Random(knotCount);
        IsotonicCurve[] curves =
        [
            .. Enumerable.Range(0, 4).Select(_ =>
            {
                float[] inputs = [.. Enumerable.Range(0, 200).OrderBy(_ => random.Next()).Take(knotCount).Order().Select(x => x / 200f)];
                return new IsotonicCurve([.. inputs], [.. inputs.Select(_ => random.NextSingle()).Order()]);
            }),
        ];
        for (var repeat = 0; repeat < 200; repeat++)
        {
            // Between knots, at them, and beyond them.
            float[] row = [.. curves.Select(_ => random.Next(-10, 411) / 400f)], actual = new float[4];
            var values = row.Zip(curves, Interpolated).ToArray();
            IsotonicCalibration.Apply(row, curves, actual);
            Assert.All(values.Zip(actual), pair => Assert.Equal(pair.First / values.Sum(), pair.Second, 1e-6));
            Assert.All(values.Zip(row, curves), one => Assert.Equal(one.First, one.Third.Evaluate(one.Second), 1e-12));
        }

        static double Interpolated(float x, IsotonicCurve curve)
        {
            var above = curve.Inputs.IndexOf(curve.Inputs.FirstOrDefault(knot => knot >= x, float.NaN));
            if (above <= 0)
                return above == 0 ? curve.Outputs[0] : curve.Outputs[^1];
            double left = curve.Inputs[above - 1], right = curve.Inputs[above];
            return (((right - x) * curve.Outputs[above - 1]) + ((x - left) * curve.Outputs[above])) / (right - left);
        }
    }

    [Theory]
    [InlineData(new float[0], new float[0])]
    [InlineData(new[] { 1f, 1 }, new[] { 0f, 1 })]
    [InlineData(new[] { 0f, 1 }, new[] { 1f, 0 })]
    [InlineData(new[] { 0f, 1 }, new[] { 0f, 2 })]
    [InlineData(new[] { 0f, 1 }, new[] { 0f })]
    [InlineData(new[] { 0f, float.NaN }, new[] { 0f, 1 })]
    public void Curve_KnotsOutOfOrder_AreRefused(float[] inputs, float[] outputs) =>
        Refusal.Of<ArgumentException>(() => new IsotonicCurve([.. inputs], [.. outputs]));

    [Theory]
    [MemberData(nameof(RecordedNetwork.Names), MemberType = typeof(RecordedNetwork))]
    public void Fit_RecordedNetwork_HalvesTheCalibrationErrorOnTestRows(string name)
    {
        var network = RecordedNetwork.Load(name);
        var fit = IsotonicCalibration.Fit(MadeUpRows.FittingRows(network));
        var calibrated = new float[network.TestProbabilities.Length];
        for (var i = 0; i < calibrated.Length; i += 10)
            IsotonicCalibration.Apply(network.TestProbabilities.Slice(i, 10), fit.Curves.AsSpan(), calibrated.AsSpan(i, 10));

        Assert.Equal(network.HalfRows, fit.RowsUsed);
        Assert.True(fit.LossAfter < fit.LossBefore);
        Assert.InRange(PlainLoss.Judge(calibrated, network.TestLabels, 10).CalibrationError, 0, network.Number("testBefore", "ece15") / 2);
        for (var i = 0; i < calibrated.Length; i += 10)
            Assert.Equal(1, calibrated.AsSpan(i, 10).ToArray().Sum(), 1e-5);
    }

    [Fact]
    public void Fit_AllScoresEqual_GivesTheClassFrequencies()
    {
        var rows = CalibrationRows.OfLogits(3);
        for (var row = 0; row < 40; row++)
            rows.Add([0, 0, 0], row % 4 == 0 ? 2 : 0);
        var fit = IsotonicCalibration.Fit(rows);
        var calibrated = new float[3];
        IsotonicCalibration.Apply([0.1f, 0.1f, 0.8f], fit.Curves.AsSpan(), calibrated);
        Assert.Equal([0.75f, 0f, 0.25f], calibrated);
    }

    [Fact]
    public void Fit_PerfectlySeparable_EndsAtCertainty()
    {
        var rows = CalibrationRows.OfProbabilities(2);
        for (var row = 0; row < 40; row++)
            rows.Add(row % 2 == 0 ? [0.9f, 0.1f] : [0.4f, 0.6f], row % 2);
        var fit = IsotonicCalibration.Fit(rows);
        var calibrated = new float[2];
        IsotonicCalibration.Apply([0.95f, 0.05f], fit.Curves.AsSpan(), calibrated);
        Assert.Equal([1f, 0f], calibrated);
        Assert.Equal(0, fit.LossAfter, 1e-6);
    }

    [Fact]
    public void Fit_ClassWeights_CountAsRepeatedRows()
    {
        var (weighted, repeated) = (CalibrationRows.OfLogits(2), CalibrationRows.OfLogits(2));
        var random = new Random(5);
        for (var row = 0; row < 200; row++)
        {
            float[] scores = [(float)random.NextDouble(), (float)random.NextDouble()];
            var label = random.NextDouble() < 0.5 + scores[1] - scores[0] ? 1 : 0;
            weighted.Add(scores, label);
            for (var i = 0; i < (label == 0 ? 3 : 1); i++)
                repeated.Add(scores, label);
        }
        var (a, b) = (IsotonicCalibration.Fit(weighted, new() { ClassWeights = [3, 1] }), IsotonicCalibration.Fit(repeated));
        Assert.Equal(b.LossAfter, a.LossAfter, 1e-6);
        for (var x = 0.0; x <= 1; x += 0.05)
            Assert.Equal(b.Curves[1].Evaluate(x), a.Curves[1].Evaluate(x), 1e-6);
    }

    [Fact]
    public void Apply_EveryCurveAtZero_IsUniformAndNaNStaysNaN()
    {
        IsotonicCurve[] curves = [new([0.5f, 1f], [0f, 1f]), new([0.5f, 1f], [0f, 1f]), new([0.5f, 1f], [0f, 1f])];
        var calibrated = new float[3];
        IsotonicCalibration.Apply([0.3f, 0.3f, 0.4f], curves, calibrated);
        Assert.All(calibrated, p => Assert.Equal(1f / 3, p));
        IsotonicCalibration.Apply([0.3f, float.NaN, 0.4f], curves, calibrated);
        Assert.All(calibrated, p => Assert.True(float.IsNaN(p)));
    }

    [Fact]
    public void Fit_OneClassPresentOrFewRows_IsRefused()
    {
        var rows = MadeUpRows.Draw(100, 3, 1);
        Array.Fill(rows.Labels, 0);
        Refusal.Of<InvalidOperationException>(() => IsotonicCalibration.Fit(rows.Collect()));
        Refusal.Of<InvalidOperationException>(() => IsotonicCalibration.Fit(MadeUpRows.Draw(5, 3, 1).Collect()));
    }
}

namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>
/// Logits that stand for -infinity: -1e4 of half-precision models, -1e9, the lowest float. The right value is the fit without them.
/// </summary>
public sealed class MaskedLogitsTests
{
    private const int ClassCount = 4;

    public static TheoryData<float> Masks => [-1e4f, -65504f, -1e9f, -1e30f, float.MinValue, float.NegativeInfinity];

    private static readonly MadeUpRows Made = MadeUpRows.Draw(999, ClassCount, 1.364);

    [Theory]
    [MemberData(nameof(Masks))]
    public void Fits_MaskOnTheTrueClassOfOneRowInAThousand_LeaveThatRowOut(float mask)
    {
        var (clean, masked) = (Made.Collect(), Made.Collect());
        masked.Add([1, mask, 3, 2], 1);

        var temperature = TemperatureScaling.Fit(masked);
        Assert.Equal(TemperatureScaling.Fit(clean).Temperature, temperature.Temperature, 1e-5);
        Assert.Equal((999, 1), (temperature.RowsUsed, temperature.RowsLeftOut.RuledOutLabel));
        Assert.Contains("class 1 is the true one", masked.FirstRuledOut, StringComparison.Ordinal);
        foreach (var fit in Scalings)
        {
            var (expected, found) = (fit(clean), fit(masked));
            Assert.Equal(expected.LossAfter, found.LossAfter, 1e-5);
            Assert.All(expected.Weights.Zip(found.Weights), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        }

        Assert.Equal(IsotonicCalibration.Fit(clean).LossAfter, IsotonicCalibration.Fit(masked).LossAfter, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Fits_MasksInAClassThatIsNeverTrue_AreThoseWithMinusInfinity(float mask)
    {
        CalibrationRows Rows(float ofAbsentClass)
        {
            var rows = CalibrationRows.OfLogits(ClassCount + 1);
            for (var row = 0; row < Made.Labels.Length; row++)
                rows.Add([.. Made.Row(row), ofAbsentClass], Made.Labels[row]);
            return rows;
        }

        var (infinite, masked) = (Rows(float.NegativeInfinity), Rows(mask));
        Assert.Equal(TemperatureScaling.Fit(infinite), TemperatureScaling.Fit(masked));
        Assert.Equal(IsotonicCalibration.Fit(infinite).LossAfter, IsotonicCalibration.Fit(masked).LossAfter, 1e-9);
        foreach (var fit in Scalings)
            Assert.Equal(fit(infinite).Weights.AsSpan(), fit(masked).Weights.AsSpan());
    }

    [Fact]
    public void Apply_MaskedLogit_CountsAsMinusInfinity()
    {
        var fit = DirichletCalibration.Fit(Made.Collect());
        float[] infinite = new float[ClassCount], masked = new float[ClassCount];
        DirichletCalibration.Apply([1, float.NegativeInfinity, 3, 2], fit.Weights.AsSpan(), fit.Intercepts.AsSpan(), infinite);
        foreach (var mask in Masks.Select(mask => mask.Data))
        {
            DirichletCalibration.Apply([1, mask, 3, 2], fit.Weights.AsSpan(), fit.Intercepts.AsSpan(), masked, fit.MaskDistance);
            Assert.Equal(infinite, masked);
        }
    }

    [Fact]
    public void Apply_LogitAtTheMaskDistance_IsNoMaskYet()
    {
        var probabilities = new float[2];
        VectorScaling.Apply([10, 5], [1, 1], [0, 0], probabilities, 5);
        Assert.Equal(1 / (1 + Math.Exp(5)), probabilities[1], 1e-7);
        VectorScaling.Apply([10, 5], [0.01, 0.01], [0, 0], probabilities, MathF.BitDecrement(5));
        Assert.Equal(1 / (1 + Math.Exp(0.8733655)), probabilities[1], 1e-6);
        VectorScaling.Apply([], [], [], []);
    }

    [Fact]
    public void Fit_LogitsOfALargeScale_AreNotMasks()
    {
        // Margins of a linear model on features that nobody scaled: a thousand apart, so that -20000 is an ordinary score.
        var made = MadeUpRows.Draw(999, ClassCount, 1500);
        Assert.Contains(made.Logits, logit => logit < -10_000);
        var fit = TemperatureScaling.Fit(made.Collect());
        Assert.InRange(fit.Temperature, 1400, 1600);
        Assert.Equal(0, fit.RowsLeftOut.Total);
    }

    [Fact]
    public void Fit_LogitsOfASmallScale_HaveNoMasksWithin100Nats()
    {
        var made = MadeUpRows.Draw(999, ClassCount, 0.01);
        made.Logits[made.Labels[0]] = -90;
        Assert.Equal(0, TemperatureScaling.Fit(made.Collect(), new() { FixedTemperature = 1 }).RowsLeftOut.Total);
    }

    /// <summary>
    /// The two largest logits of most rows are 8 apart, so that a mask is more than 800 below the largest; with 0.5, more than 100.
    /// </summary>
    [Theory]
    [InlineData(8, 800)]
    [InlineData(0.5, 100)]
    [InlineData(1, 100)]
    [InlineData(1.0078125, 100.78125)]
    public void MaskDistance_IsAHundredTimesTheMedianDistanceOfTheLargestTwo(float apart, float expected)
    {
        foreach (var rowCount in (int[])[101, 4_096, 9_001])
        {
            var rows = CalibrationRows.OfLogits(3);
            // Just over half of the rows are the median, whatever the others are.
            for (var row = 0; row < rowCount; row++)
                rows.Add(row % 2 == 0 ? [10, 10 - apart, -5] : row % 4 == 1 ? [7, 7, 0] : [2 - (20 * apart), -30, 2], row % 3);
            if (rowCount % 2 == 0)
                rows.Add([10, 10 - apart, -5], 0);
            rows.Add([10, 9, 10 - expected], 2);
            Assert.Equal(expected, rows.ReplaceMasks());
            Assert.Equal(0, rows.LeftOut.RuledOutLabel);
            rows.Add([10, 9, MathF.BitDecrement(10 - expected)], 2);
            rows.Add([10, 9, MathF.BitDecrement(10 - expected)], 1);
            Assert.Equal(expected, rows.ReplaceMasks());
            Assert.Equal(1, rows.LeftOut.RuledOutLabel);
            Assert.Equal(
                $"class 2 is the true one and has the logit {MathF.BitDecrement(10 - expected)}, while the largest is 10",
                rows.FirstRuledOut);
            Assert.Equal(rows.KeptRows - 1, rows.Count);
        }
    }

    [Fact]
    public void MaskDistance_OfProbabilities_IsBeyondAllLogits() => Assert.Equal(
        float.MaxValue, CalibrationRows.FromProbabilities([1, 0, 0.5f, 0.5f], [0, 1], 2).ReplaceMasks());

    /// <summary>So many classes that 16 rows fill a chunk.</summary>
    [Fact]
    public void Masks_InFullChunks_AreReplacedInEachRow()
    {
        const int Classes = 20_000;
        var rows = CalibrationRows.OfLogits(Classes);
        var logits = new float[Classes];
        logits[1] = 3;
        logits[7] = -1e9f;
        for (var row = 0; row < 32; row++)
            rows.Add(logits, row is 15 or 16 or 31 ? 7 : row % 2);

        Assert.Equal(300, rows.ReplaceMasks());
        Assert.Equal((2, 29, 3), (rows.Chunks.Length, rows.Count, rows.LeftOut.RuledOutLabel));
        Assert.Equal((0, 14), (rows.LabelCounts[7], rows.LabelCounts[1]));
        foreach (var chunk in rows.Chunks)
        {
            for (var row = 0; row < 15; row++)
            {
                if (chunk.Weight(row) > 0)
                    Assert.Equal(3 - 87.33655f, chunk.Logit(row, 7), 1e-5f);
            }
        }
    }

    [Fact]
    public void Fit_AnotherRowAfterAFitThatReplacedMasks_IsThatOfAllRowsAtOnce()
    {
        var rows = Made.Collect();
        rows.Add([1, -1e9f, 3, 2], 1);
        rows.Add([1, -1e9f, 3, 2], 2);
        TemperatureScaling.Fit(rows);
        rows.Add([0, 1, 2, 3], 0);

        var together = Made.Collect();
        together.Add([1, -1e9f, 3, 2], 1);
        together.Add([1, -1e9f, 3, 2], 2);
        together.Add([0, 1, 2, 3], 0);
        Assert.Equal(TemperatureScaling.Fit(together), TemperatureScaling.Fit(rows));
        Assert.Equal(together.LabelCounts, rows.LabelCounts);
    }

    [Fact]
    public void Fit_OneRowThatOutweighsAllOthers_SaysSo()
    {
        Assert.InRange(TemperatureScaling.Fit(Made.Collect()).LargestRowShare, 1.0 / 999, 0.1);
        var rows = Made.Collect();
        // Not far enough to be a mask, and worth as much as all others together.
        rows.Add([1, -150, 3, 2], 1);
        var fit = TemperatureScaling.Fit(rows);
        Assert.Equal(1000, fit.RowsUsed);
        Assert.InRange(fit.LargestRowShare, 0.5, 1);
        Assert.Equal(fit.LargestRowShare, VectorScaling.Fit(rows).LargestRowShare);
    }

    private static readonly Func<CalibrationRows, ScalingFit>[] Scalings =
        [rows => VectorScaling.Fit(rows), rows => MatrixScaling.Fit(rows), rows => DirichletCalibration.Fit(rows)];
}

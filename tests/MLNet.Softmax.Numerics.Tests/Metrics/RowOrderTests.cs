namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>No figure depends on the order of the rows, however many of them tie.</summary>
public sealed class RowOrderTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void AdaptiveCalibrationError_EqualConfidences_AreOneGroup()
    {
        // 70 % right at a confidence of 0.7: perfectly calibrated, interleaved or sorted by label.
        int[] interleaved = [.. Enumerable.Range(0, 300).Select(row => row % 10 < 7 ? 0 : 1)];
        Assert.Equal(0, AdaptiveCalibrationError.Compute(OfConfidence(0.7f, interleaved).Block), 1e-7);
        Assert.Equal(0, AdaptiveCalibrationError.Compute(OfConfidence(0.7f, [.. interleaved.Order()]).Block), 1e-7);
    }

    [Fact]
    public void AdaptiveCalibrationError_GroupThatAnEdgeFallsInto_BelongsToTheBinBeforeTheEdge()
    {
        // Bins of three, two and two rows, by hand: the edge after the third row lies in the group of 0.75, which closes the first bin, and
        // the edge after the fifth ends the bin of 0.8125. The gaps: |0.5 + 3 x 0.75 - 3|, |0.8125 - 0|, |2 x 1 - 1|.
        var table = new PredictionTable(
            2, [0.5f, 0.5f, 0.75f, 0.25f, 0.75f, 0.25f, 0.75f, 0.25f, 0.8125f, 0.1875f, 1, 0, 1, 0], [0, 0, 1, 0, 1, 0, 1]);
        Assert.Equal((0.25 + 0.8125 + 1) / 7, AdaptiveCalibrationError.Compute(table.Block, 3), Tolerance);
    }

    [Fact]
    public void Figures_OfRowsInAnotherOrder_AreTheSame() => Prop.ForAll(Tables, table =>
    {
        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        new Random(table.RowCount).Shuffle(order);
        var shuffled = table.Rows(order);
        Assert.All(Figures(table).Zip(Figures(shuffled)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fits_OfRowsInAnotherOrder_AreTheSame() => Prop.ForAll(Tables, table =>
    {
        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        new Random(table.RowCount).Shuffle(order);
        Assert.All(Fits(table).Zip(Fits(table.Rows(order))), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }).QuickCheckThrowOnFailure();

    /// <summary>Rows with few distinct probabilities, so that most of them tie.</summary>
    private static Arbitrary<PredictionTable> Tables => (
        from rowCount in Gen.Choose(40, 300)
        from classCount in Gen.Choose(2, 5)
        from steps in Gen.Elements(1, 2, 4, 20, 1000)
        from weighted in Gen.Elements(true, false)
        from seed in Gen.Choose(1, 1_000_000)
        select PredictionTable.Random(seed, rowCount, classCount, weighted, steps)).ToArbitrary();

    private static IEnumerable<double> Figures(PredictionTable table) =>
    [
        AdaptiveCalibrationError.Compute(table.Block), AdaptiveCalibrationError.Compute(table.Block, 4),
        .. table.Headline, .. TopKAccuracy.Compute(table.Block), .. RocAuc.Compute(table.Block),
        ClasswiseCalibration.Compute(table.Block).ExpectedError, BrierScore.Compute(table.Block).StandardError,
        .. RiskCoverage.Compute(table.Block).ToPoints().SelectMany(point => new[] { point.Confidence, point.Coverage, point.Risk }),
        .. ConformityThresholds(table),
    ];

    private static IEnumerable<double> ConformityThresholds(PredictionTable table) =>
        Enum.GetValues<PredictionSetMethod>().Select(method => PredictionSets.Fit(
            table.Probabilities, table.Labels, table.ClassCount, new() { Method = method, Coverage = 0.5, MinimumRows = 1 },
            table.Weights).Threshold);

    private static IEnumerable<double> Fits(PredictionTable table)
    {
        CalibrationRows Rows() => CalibrationRows.FromProbabilities(table.Probabilities, table.Labels, table.ClassCount, table.Weights);
        var isotonic = IsotonicCalibration.Fit(Rows(), new() { MinimumRows = 1 });
        var temperature = TemperatureScaling.Fit(Rows(), new() { MinimumRows = 1 });
        return
        [
            1 / temperature.Temperature, temperature.LossAfter, isotonic.LossAfter,
            .. isotonic.Curves.SelectMany(curve => curve.Inputs.Concat(curve.Outputs)).Select(knot => (double)knot),
        ];
    }

    private static PredictionTable OfConfidence(float confidence, int[] labels) =>
        new(2, [.. labels.SelectMany(_ => new[] { confidence, 1 - confidence })], labels);
}

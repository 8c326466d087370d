namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class NaiveOracleTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<int, int, int, bool> Tables => new()
    {
        { 1, 300, 2, false }, { 2, 300, 3, true }, { 3, 517, 5, false }, { 4, 700, 12, true }, { 5, 40, 33, false }, { 6, 400, 41, true },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void LossesTopKAndRocAuc_OfRandomRows_AreTheirDefinition(int seed, int rows, int classes, bool weighted)
    {
        var table = PredictionTable.Random(seed, rows, classes, weighted);
        var (loss, topK, areas) = (LogLoss.Compute(table.Block), TopKAccuracy.Compute(table.Block), RocAuc.Compute(table.Block));

        Assert.Equal(Naive.Mean(table, row => Naive.Loss(table, row)), loss.Mean, Tolerance * 100);
        Assert.Equal(Naive.Mean(table, row => Naive.Brier(table, row)), BrierScore.Compute(table.Block).Mean, Tolerance);
        Assert.Equal(Enumerable.Range(0, rows).Count(row => table.Row(row)[table.Labels[row]] == 0), loss.ImpossibleRows);
        for (var label = 0; label < classes; label++)
        {
            var ofClass = Naive.Mean(table, row => Naive.Loss(table, row), row => table.Labels[row] == label);
            Assert.Equal(ofClass, loss.OfClass(label), Tolerance * 100);
            Assert.Equal(Naive.RocAuc(table, label), areas[label], Tolerance);
            var among = Naive.Mean(table, row => Naive.Ranking(table, row).Take(label + 1).Contains(table.Labels[row]) ? 1 : 0);
            Assert.Equal(among, topK[label], Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void ClassFigures_OfRandomRows_AreTheirDefinition(int seed, int rows, int classes, bool weighted)
    {
        var table = PredictionTable.Random(seed, rows, classes, weighted);
        var metrics = ClassificationMetrics.Compute(table.Block);
        var confusion = ConfusionTable.Compute(table.Block);
        for (var label = 0; label < classes; label++)
        {
            var labelled = Naive.Count(table, row => table.Labels[row] == label);
            var given = Naive.Count(table, row => Naive.Predicted(table, row) == label);
            var both = Naive.Count(table, row => table.Labels[row] == label && Naive.Predicted(table, row) == label);
            Assert.Equal(both / labelled, metrics.Recall(label), Tolerance);
            Assert.Equal(given == 0 && labelled > 0 ? 0 : both / given, metrics.Precision(label), Tolerance);
            Assert.Equal(2 * both / (labelled + given), metrics.F1(label), Tolerance);
            for (var other = 0; other < classes; other++)
            {
                var expected = Naive.Count(table, row => table.Labels[row] == label && Naive.Predicted(table, row) == other);
                Assert.Equal(expected, confusion[label, other]);
                Assert.Equal(expected, confusion.Row(label)[other]);
            }
        }

        Assert.Equal(Naive.Mean(table, row => Naive.Predicted(table, row) == table.Labels[row] ? 1 : 0), metrics.MicroAccuracy, Tolerance);
        Assert.Equal(Naive.Matthews(table), metrics.MatthewsCorrelation, 1e-10);

        var total = Naive.Count(table, _ => true);
        double[] labels = [.. Enumerable.Range(0, classes).Select(label => Naive.Count(table, row => table.Labels[row] == label))];
        double[] guesses = [.. Enumerable.Range(0, classes).Select(metrics.PredictedWeight)];
        double Mean(Func<int, double> figure) => Enumerable.Range(0, classes).Select(figure).Where(value => !double.IsNaN(value)).Average();
        double Weighted(Func<int, double> figure) =>
            Enumerable.Range(0, classes).Where(label => labels[label] > 0).Sum(label => labels[label] * figure(label)) / total;
        var chance = labels.Zip(guesses, (label, guess) => label / total * (guess / total)).Sum();
        Assert.Equal((metrics.MicroAccuracy - chance) / (1 - chance), metrics.CohenKappa, 1e-10);
        Assert.Equal(Mean(metrics.Recall), metrics.MacroAccuracy, Tolerance);
        Assert.Equal(Mean(metrics.Precision), metrics.MacroPrecision, Tolerance);
        Assert.Equal(Mean(metrics.F1), metrics.MacroF1, Tolerance);
        Assert.Equal(Weighted(metrics.Precision), metrics.WeightedPrecision, Tolerance);
        Assert.Equal(Weighted(metrics.F1), metrics.WeightedF1, Tolerance);
        var squares = Enumerable.Range(0, rows).Sum(row => table.Weight(row) * table.Weight(row));
        Assert.Equal((total, rows), (metrics.Weight, metrics.RowCount));
        Assert.Equal(total * total / squares, metrics.EffectiveRowCount, 1e-9);

        var loss = LogLoss.Compute(table.Block);
        var entropy = -labels.Where(label => label > 0).Sum(label => label / total * Math.Log(label / total));
        Assert.Equal(entropy, loss.PriorEntropy, Tolerance);
        Assert.Equal(1 - (loss.Mean / entropy), loss.Reduction, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void ReliabilityBins_OfRandomRows_AreTheirDefinition(int seed, int rows, int classes, bool weighted)
    {
        var table = PredictionTable.Random(seed, rows, classes, weighted);
        var layout = new BinLayout(10);
        var top = TopLabelCalibration.Compute(table.Block, layout);
        var classwise = ClasswiseCalibration.Compute(table.Block, layout);
        Check(top.ToBins(0.9), row => table.Row(row).Max(), row => Naive.Predicted(table, row) == table.Labels[row]);
        for (var label = 0; label < classes; label++)
            Check(classwise.ToBins(label, 0.9), row => table.Row(row)[label], row => table.Labels[row] == label);
        Assert.Equal((layout, layout, classes), (top.Layout, classwise.Layout, classwise.ClassCount));
        Assert.Equal(top.ToBins().Where(bin => !bin.IsEmpty).Max(bin => Math.Abs(bin.Gap)), top.MaximumError, Tolerance);
        Assert.Equal(Naive.Mean(table, row => table.Row(row).Max()), top.MeanConfidence, Tolerance);

        void Check(ReliabilityBin[] bins, Func<int, float> claim, Func<int, bool> cameTrue)
        {
            Assert.Equal(
                Enumerable.Range(0, 10).Select(bin => (bin / 10.0, (bin + 1) / 10.0)), bins.Select(bin => (bin.LowerEdge, bin.UpperEdge)));
            for (var bin = 0; bin < 10; bin++)
            {
                int BinOf(int row) => Math.Max(0, (int)Math.Ceiling((double)claim(row) * 10) - 1);
                int[] cases = [.. Enumerable.Range(0, rows).Where(row => BinOf(row) == bin)];
                double Sum(Func<int, double> value) => cases.Sum(row => table.Weight(row) * value(row));
                var weight = Sum(_ => 1);
                Assert.Equal(weight, bins[bin].Weight, Tolerance);
                Assert.Equal(weight == 0, bins[bin].IsEmpty);
                Assert.Equal(Sum(row => claim(row)) / weight, bins[bin].MeanProbability, Tolerance);
                var share = Sum(row => cameTrue(row) ? 1 : 0) / weight;
                Assert.Equal(share, bins[bin].ObservedFrequency, Tolerance);
                Assert.Equal(share - bins[bin].MeanProbability, bins[bin].Gap, Tolerance);
                var interval = ConfidenceInterval.OfShare(share, weight * weight / Sum(table.Weight), 0.9);
                Assert.Equal(interval.Lower, bins[bin].Interval.Lower, Tolerance);
                Assert.Equal(interval.Upper, bins[bin].Interval.Upper, Tolerance);
                Assert.Equal(0.9, bins[bin].Interval.Level);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void CalibrationErrors_OfRandomRows_AreTheirDefinition(int seed, int rows, int classes, bool weighted)
    {
        var table = PredictionTable.Random(seed, rows, classes, weighted);
        foreach (var convention in Enum.GetValues<BinConvention>())
        {
            int Bin(double p) => convention == BinConvention.UpperInclusive
                ? Math.Max(0, (int)Math.Ceiling(p * 10) - 1) : Math.Min(9, (int)Math.Floor(p * 10));
            var layout = new BinLayout(10, convention);
            var expected = Naive.CalibrationError(
                table, row => table.Row(row).Max(), row => Naive.Predicted(table, row) == table.Labels[row], Bin);
            Assert.Equal(expected, TopLabelCalibration.Compute(table.Block, layout).ExpectedError, Tolerance);

            var classwise = ClasswiseCalibration.Compute(table.Block, layout);
            var errors = Enumerable.Range(0, classes)
                .Select(label => Naive.CalibrationError(table, row => table.Row(row)[label], row => table.Labels[row] == label, Bin))
                .ToArray();
            Assert.Equal(errors.Average(), classwise.ExpectedError, Tolerance);
            Assert.Equal(errors[^1], classwise.ErrorOfClass(classes - 1), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void RiskCoverage_AtEachThreshold_IsItsDefinition(int seed, int rows, int classes, bool weighted)
    {
        var table = PredictionTable.Random(seed, rows, classes, weighted);
        var points = RiskCoverage.Compute(table.Block).ToPoints();

        Assert.NotEmpty(points);
        Assert.Equal(1, points[^1].Coverage, Tolerance);
        Assert.All(points, point =>
        {
            bool Answered(int row) => table.Row(row).Max() >= point.Confidence;
            Assert.Equal(Naive.Count(table, Answered) / Naive.Count(table, _ => true), point.Coverage, Tolerance);
            var wrong = Naive.Count(table, row => Answered(row) && Naive.Predicted(table, row) != table.Labels[row]);
            Assert.Equal(wrong / Naive.Count(table, Answered), point.Risk, Tolerance);
        });
    }

    [Fact]
    public void RiskCoverageArea_OfRandomRows_IsTheMeanRiskOverAllCoverages()
    {
        var table = PredictionTable.Random(9, 20_000, 4, steps: 1000);
        var sorted = table.Outcomes.OrderByDescending(outcome => outcome.TopProbability).ToArray();
        double wrong = 0, sum = 0;
        for (var answered = 0; answered < sorted.Length; answered++)
        {
            wrong += sorted[answered].IsCorrect ? 0 : 1;
            sum += wrong / (answered + 1);
        }

        Assert.Equal(sum / sorted.Length, RiskCoverage.Compute(table.Block).Area, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void AdaptiveCalibrationError_OfRandomRows_IsItsDefinition(int seed, int rows, int classes, bool weighted)
    {
        // With few steps most confidences are equal, with many hardly any.
        foreach (var steps in (int[])[4, 20, 100_000])
        {
            var table = PredictionTable.Random(seed, rows, classes, weighted, steps);
            var sorted = table.Outcomes.OrderBy(outcome => outcome.TopProbability).ToArray();
            foreach (var binCount in (int[])[1, 2, 3, 10, 15, 100, rows, 2 * rows])
            {
                // The first bins have a row more. Rows of equal confidence are in the bin of the first of them.
                var bins = Enumerable.Range(0, binCount)
                    .SelectMany(bin => Enumerable.Repeat(bin, (rows / binCount) + (bin < rows % binCount ? 1 : 0))).ToArray();
                var gaps = new double[binCount];
                foreach (var row in sorted.Index())
                {
                    var first = Array.FindIndex(sorted, outcome => outcome.TopProbability == row.Item.TopProbability);
                    gaps[bins[first]] += row.Item.Weight * ((row.Item.IsCorrect ? 1.0 : 0) - row.Item.TopProbability);
                }

                Assert.Equal(
                    gaps.Sum(Math.Abs) / sorted.Sum(outcome => (double)outcome.Weight),
                    AdaptiveCalibrationError.Compute(table.Block, binCount), Tolerance);
            }
        }
    }

    [Fact]
    public void Headline_OfRandomRows_HasTheFiguresInTheOrderOfTheEnumeration()
    {
        var table = PredictionTable.Random(12, 300, 4);
        var (loss, calibration) = (LogLoss.Compute(table.Block), TopLabelCalibration.Compute(table.Block));
        var metrics = ClassificationMetrics.Compute(table.Block);
        var expected = new Dictionary<HeadlineMetric, double>
        {
            [HeadlineMetric.LogLoss] = loss.Mean,
            [HeadlineMetric.LogLossReduction] = loss.Reduction,
            [HeadlineMetric.BrierScore] = BrierScore.Compute(table.Block).Mean,
            [HeadlineMetric.MicroAccuracy] = metrics.MicroAccuracy,
            [HeadlineMetric.MacroAccuracy] = metrics.MacroAccuracy,
            [HeadlineMetric.MacroPrecision] = metrics.MacroPrecision,
            [HeadlineMetric.MacroF1] = metrics.MacroF1,
            [HeadlineMetric.MatthewsCorrelation] = metrics.MatthewsCorrelation,
            [HeadlineMetric.CohenKappa] = metrics.CohenKappa,
            [HeadlineMetric.ExpectedCalibrationError] = calibration.ExpectedError,
            [HeadlineMetric.MaximumCalibrationError] = calibration.MaximumError,
            [HeadlineMetric.RiskCoverageArea] = RiskCoverage.Compute(table.Block).Area,
        };

        Assert.Equal(expected.OrderBy(figure => figure.Key).Select(figure => figure.Value), table.Headline);
        Assert.Equal(expected.Values.Count, expected.Values.Distinct().Count());
    }

    [Fact]
    public void RowOutcomes_OfRowsOfAnyLength_AreTheirDefinition()
    {
        for (var classes = 1; classes <= 40; classes++)
        {
            var table = PredictionTable.Random(classes, 60, classes, steps: 12);
            var outcomes = table.Outcomes;
            for (var row = 0; row < table.RowCount; row++)
            {
                var ranking = Naive.Ranking(table, row);
                Assert.Equal(ranking[0], outcomes[row].Predicted);
                Assert.Equal(Array.IndexOf(ranking, table.Labels[row]), outcomes[row].Rank);
                Assert.Equal(table.Row(row).Max(), outcomes[row].TopProbability);
                Assert.Equal(table.Row(row)[table.Labels[row]], outcomes[row].LabelProbability);
                Assert.Equal(Naive.Brier(table, row), outcomes[row].SquaredError, Tolerance);
                Assert.True(ProbabilityRow.IsDistribution(table.Row(row)));
                Assert.False(ProbabilityRow.IsDistribution([.. table.Row(row)[..^1], float.NaN]));
                Assert.False(ProbabilityRow.IsDistribution([.. table.Row(row), 0.5f, -0.5f]));
                Assert.False(ProbabilityRow.IsDistribution([.. table.Row(row), 0.0301234f]));
            }
        }
    }
}

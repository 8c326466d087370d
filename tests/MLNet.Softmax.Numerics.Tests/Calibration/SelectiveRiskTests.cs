namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>The threshold whose risk is bounded: it keeps its promise, and the bound is exact.</summary>
public sealed class SelectiveRiskTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0, 50, 0.05, 0.058155079116972)]
    [InlineData(1, 10, 0.05, 0.394163302436505)]
    [InlineData(5, 100, 0.01, 0.125851730697679)]
    [InlineData(200, 1000, 0.0001, 0.250305555488409)]
    [InlineData(9, 10, 0.1, 0.989519258206214)]
    [InlineData(30, 5000, 0.005, 0.009425611659816)]
    [InlineData(10, 10, 0.1, 1)]
    public void BinomialBound_IsThatOfExactArithmetic(int count, int rows, double delta, double expected) =>
        Assert.Equal(expected, BinomialBound.Upper(count, rows, delta), 1e-10);

    [Fact]
    public void SelectiveRisk_On200Draws_HoldsOnNewRowsAtLeastAsOftenAsPromised()
    {
        // Confidences from 0.5 to 1 that are right as often as they say: above a threshold t, (1 - t) / 2 of the answers are wrong.
        const double Wanted = 0.15, Delta = 0.1;
        var (held, coverage) = (0, 0.0);
        for (var draw = 0; draw < 200; draw++)
        {
            var random = new Random(draw);
            var rows = new ThresholdRows(2);
            for (var row = 0; row < 1000; row++)
            {
                var p = 0.5f + (random.NextSingle() / 2);
                rows.Add([p, 1 - p], random.NextDouble() < p ? 0 : 1);
            }

            var fit = rows.Fit(ThresholdGoal.SelectiveRisk(Wanted, Delta));
            Assert.True(fit.RiskBound <= Wanted && fit.After.Value <= fit.RiskBound);
            held += (1 - fit.Threshold) / 2 <= Wanted ? 1 : 0;
            coverage += 2 * (1 - fit.Threshold) / 200;
        }

        output.WriteLine($"The bound held on {held} of 200 draws; mean coverage {coverage:f3} of the 0.6 that would be possible.");
        Assert.InRange(held, 200 * (1 - Delta), 200);
        Assert.InRange(coverage, 0.3, 0.6);
    }

    /// <summary>
    /// The bound of no mistake in n answers has a closed form: 1 - delta^(1/n), with delta shared by the steps of the search.
    /// </summary>
    [Fact]
    public void SelectiveRisk_RowsOfEqualConfidence_AreAnsweredTogether()
    {
        const int RowCount = 1000, Steps = 10;
        var rows = new ThresholdRows(2);
        for (var row = 0; row < RowCount; row++)
            rows.Add([0.9f, 0.1f], 0);

        var fit = rows.Fit(ThresholdGoal.SelectiveRisk(0.1, 0.05));

        Assert.Equal(0.9f, fit.Threshold);
        Assert.Equal(1 - Math.Pow(0.05 / Steps, 1.0 / RowCount), fit.RiskBound!.Value, 1e-12);
    }

    /// <summary>Right answers before wrong ones, and half of the rows are good enough: the search goes up to the best number.</summary>
    [Theory]
    [InlineData(1000, 600, 0.05, 10)]
    [InlineData(1000, 1000, 0.02, 10)]
    [InlineData(1024, 10, 0.7, 10)]
    [InlineData(1025, 300, 0.3, 11)]
    [InlineData(63, 63, 0.2, 6)]
    [InlineData(1, 1, 0.96, 1)]
    public void SelectiveRisk_OfSortedMistakes_AnswersAsManyAsTheBoundAllows(int rowCount, int rightCount, double wanted, int steps)
    {
        var rows = new ThresholdRows(2);
        float Score(int row) => 1 - (row / 4096f);
        double Bound(int answered) => BinomialBound.Upper(Math.Max(0, answered - rightCount), answered, 0.05 / steps);
        for (var row = 0; row < rowCount; row++)
            rows.Add([Score(row), 1 - Score(row)], row < rightCount ? 0 : 1);
        var most = Enumerable.Range(1, rowCount).Last(answered => Bound(answered) <= wanted);

        var fit = rows.Fit(ThresholdGoal.SelectiveRisk(wanted), 1);

        Assert.Equal(Score(most - 1), fit.Threshold);
        Assert.Equal(Bound(most), fit.RiskBound!.Value, 1e-9);
    }
}

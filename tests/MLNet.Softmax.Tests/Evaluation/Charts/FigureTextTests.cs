using System.Globalization;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

/// <summary>The figures beside a chart: their texts, and where the ticks of an axis are.</summary>
public class FigureTextTests
{
    [Theory]
    [InlineData(0, "0%")]
    [InlineData(1, "100%")]
    [InlineData(0.5, "50.0%")]
    [InlineData(0.99999, ">99.9%")]
    [InlineData(0.00001, "<0.1%")]
    [InlineData(-0.00001, "0.0%")]
    [InlineData(-0.25, "-25.0%")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Percent_NeverRoundsToACertainty(double fraction, string expected) =>
        Assert.Equal(expected, NumberText.Percent(fraction));

    [Theory]
    [InlineData(0.99999999, ">0.9999")]
    [InlineData(1, "1.0000")]
    [InlineData(1e-9, "<0.0001")]
    [InlineData(0, "0.0000")]
    [InlineData(0.25, "0.2500")]
    public void Probability_NeverRoundsToACertainty(double value, string expected) =>
        Assert.Equal(expected, NumberText.Probability(value));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.2, "<1")]
    [InlineData(999, "999")]
    [InlineData(999.7, "1k")]
    [InlineData(1234, "1.2k")]
    [InlineData(9960, "10k")]
    [InlineData(34_499, "34k")]
    [InlineData(999_600, "1M")]
    [InlineData(5_600_000, "5.6M")]
    [InlineData(2e9, "2G")]
    [InlineData(3.2e12, "3.2T")]
    [InlineData(1e15, "1P")]
    [InlineData(999e15, "999P")]
    [InlineData(1e18, "1E")]
    [InlineData(12_345e18, "12345E")]
    [InlineData(0.999, "<1")]
    [InlineData(1, "1")]
    [InlineData(1.4, "1")]
    [InlineData(999.4, "999")]
    [InlineData(9940, "9.9k")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NegativeInfinity, "-∞")]
    [InlineData(double.NaN, "–")]
    public void CompactCount_HasAtMostFiveCharacters(double count, string expected) =>
        Assert.Equal(expected, NumberText.CompactCount(count));

    [Theory]
    [InlineData(0.2, 0.2, "0.2")]
    [InlineData(0.025, 0.025, "0.025")]
    [InlineData(20, 5, "20")]
    [InlineData(3, 1, "3")]
    [InlineData(10_000, 1, "10,000")]
    [InlineData(9999, 1, "9999")]
    [InlineData(20_000, 5000, "20,000")]
    [InlineData(0.30000000000000004, 0.1, "0.3")]
    [InlineData(-20_000, 5000, "-20,000")]
    [InlineData(9999.5, 0.5, "9999.5")]
    [InlineData(1, Math.PI, "1.000000000000")]
    [InlineData(double.NaN, 1, "–")]
    public void Tick_HasTheDecimalsOfItsStep(double value, double step, string expected) =>
        Assert.Equal(expected, NumberText.Tick(value, step));

    [Fact]
    public void Coordinate_ThatIsNotFinite_IsRefused() =>
        Refusal.Of<ArgumentOutOfRangeException>(() => NumberText.Coordinate(double.NaN));

    [Fact]
    public void Numbers_AreTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        comma.NumberFormat.NegativeSign = "−";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(
                ["-1.5000", "12.3%", "0.2500", "1,234.5", "1.2k", "0.25", "2.5%", "-0.75"],
                [NumberText.Decimal(-1.5), NumberText.Percent(0.1234), NumberText.Probability(0.25), NumberText.Count(1234.5),
                    NumberText.CompactCount(1234), NumberText.Tick(0.25, 0.25), NumberText.PercentTick(0.025, 0.025),
                    NumberText.Coordinate(-0.75)]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0.875, 1, new[] { 0.875, 0.9, 0.925, 0.95, 0.975, 1 })]
    [InlineData(0, 0.0913, new[] { 0, 0.02, 0.04, 0.06, 0.08 })]
    [InlineData(-30, 70, new double[] { -20, 0, 20, 40, 60 })]
    [InlineData(0, 5, new double[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(0, 1.25, new[] { 0, 0.25, 0.5, 0.75, 1, 1.25 })]
    [InlineData(0, 3.4e8, new[] { 0, 1e8, 2e8, 3e8 })]
    public void Within_GivesRoundValues(double start, double end, double[] expected)
    {
        var ticks = AxisTicks.Within(start, end);
        Assert.Equal(expected.Length, ticks.Values.Count);
        Assert.Equal(expected[1] - expected[0], ticks.Step, 1e-9 * Math.Abs(end - start));
        Assert.All(expected.Zip(ticks.Values), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-9 * Math.Abs(end - start)));
    }

    [Theory]
    [InlineData(double.NaN, 1, 0)]
    [InlineData(0, double.PositiveInfinity, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(3, 1, 1)]
    public void Within_DegenerateDomain_HasNoMoreThanItsStart(double start, double end, int count) =>
        Assert.Equal(count, AxisTicks.Within(start, end).Values.Count);

    [Fact]
    public void RoundDomain_HoldsBothEnds_AndIsLessThanAStepWider()
    {
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            double start = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7));
            double end = start + random.NextDouble() * Math.Pow(10, random.Next(-6, 7));
            var (roundStart, roundEnd) = AxisTicks.RoundDomain(start, end);
            double slack = 1e-6 * (end - start), step = AxisTicks.Within(start, end).Step;
            Assert.InRange(start, roundStart - slack, roundStart + step + slack);
            Assert.InRange(end, roundEnd - step - slack, roundEnd + slack);
        }
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, 0)]
    public void RoundDomain_DegenerateDomain_IsZeroToOne(double start, double end) =>
        Assert.Equal((0, 1), AxisTicks.RoundDomain(start, end));

    [Fact]
    public void Scale_MapsEndsToEnds_ClampsOutside_AndKeepsNaN()
    {
        var scale = new PlotArea(10, 20, 110, 220).Vertical(0, 2);
        Assert.Equal([220, 120, 20, 20, 220], [scale[0], scale[1], scale[2], scale[5], scale[-1]]);
        Assert.True(double.IsNaN(scale[double.NaN]));
    }

    /// <summary>Widths in ems: an upper estimate for common sans-serif faces.</summary>
    [Theory]
    [InlineData("ijlI.,:;'|!", 0.32)]
    [InlineData("ftr ()-/1", 0.45)]
    [InlineData("mwMW%@", 0.95)]
    [InlineData("ABCDEFGHJKLNOPQRSTUVXYZ", 0.72)]
    [InlineData("abcdeghknopqsuvxyz0234567890äßჿ_[\"", 0.6)]
    [InlineData("ᄀ→…漢😀", 1.0)]
    public void Width_OfACharacter_IsThatOfItsKind(string characters, double ems) => Assert.All(
        characters.EnumerateRunes(), character => Assert.Equal(ems * 10, ChartLabel.Width(character.ToString(), 10), 1e-9));

    [Fact]
    public void Fit_KeepsWhatIsAsWideAsThePlace_OrAsManyCharactersAsLeaveRoomForAnEllipsis()
    {
        Assert.Equal(11.5 * 1.2, ChartLabel.Width("ab"), 1e-9);
        Assert.Equal("abc", ChartLabel.Fit("abc", 18, 10));
        Assert.Equal("ab…", ChartLabel.Fit("abcd", 22, 10));
        Assert.Equal("a…", ChartLabel.Fit("abcd", 21.99, 10));
        Assert.Equal("…", ChartLabel.Fit("abcd", 0, 10));
        Assert.Equal("ab…", ChartLabel.Fit("ab cd", ChartLabel.Width("ab …", 10) + 0.01, 10));
    }
}

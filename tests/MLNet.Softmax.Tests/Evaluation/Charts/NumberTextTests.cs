using System.Globalization;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

public class NumberTextTests
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
    [InlineData(double.NaN, "–")]
    public void CompactCount_HasAtMostFiveCharacters(double count, string expected) =>
        Assert.Equal(expected, NumberText.CompactCount(count));

    [Theory]
    [InlineData(0.2, 0.2, "0.2")]
    [InlineData(0.025, 0.025, "0.025")]
    [InlineData(20, 5, "20")]
    [InlineData(20_000, 5000, "20,000")]
    [InlineData(0.30000000000000004, 0.1, "0.3")]
    public void Tick_HasTheDecimalsOfItsStep(double value, double step, string expected) =>
        Assert.Equal(expected, NumberText.Tick(value, step));

    [Fact]
    public void Coordinate_ThatIsNotFinite_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NumberText.Coordinate(double.NaN));

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
}

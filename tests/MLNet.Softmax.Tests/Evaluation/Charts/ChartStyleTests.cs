using System.Globalization;
using System.Text.RegularExpressions;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

/// <summary>
/// Contrast as WCAG 2.2 defines it: 4.5 for words (1.4.3), 3 for lines and marks that carry meaning (1.4.11), on light and on dark.
/// </summary>
public partial class ChartStyleTests
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    [Theory]
    [InlineData("ink", "paper", 4.5)]
    [InlineData("muted", "paper", 4.5)]
    [InlineData("accent", "paper", 4.5)]
    [InlineData("axis", "paper", 3)]
    [InlineData("warm", "paper", 3)]
    [InlineData("ink", "heat0 heat1 heat2 heat3 heat4 heat5", 4.5)]
    [InlineData("paper", "heat6 heat7 heat8", 4.5)]
    public void Colours_HaveContrast_LightAndDark(string front, string backs, double least)
    {
        foreach (var back in backs.Split(' '))
        {
            for (int scheme = 0; scheme < 2; scheme++)
            {
                double contrast = Contrast(Luminance(front, scheme), Luminance(back, scheme));
                Assert.True(contrast >= least, $"{front} on {back}, scheme {scheme}: {contrast:F2}");
            }
        }
    }

    [Fact]
    public void Shades_AreInOrderOfLuminance()
    {
        for (int scheme = 0; scheme < 2; scheme++)
        {
            double[] shades = [.. Enumerable.Range(0, HeatLevels.Count).Select(level => Luminance($"heat{level}", scheme))];
            Assert.Equal(scheme == 0 ? shades.OrderDescending() : shades.Order(), shades);
        }
    }

    [Fact]
    public void StyleSheet_FetchesNothing() => Assert.DoesNotMatch("url\\(|@import|http", ChartStyle.Sheet);

    private static double Contrast(double first, double second) => (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);

    private static double Luminance(string variable, int scheme)
    {
        var colours = Colours().Matches(ChartStyle.Sheet).Single(match => match.Groups[1].Value == variable);
        int colour = int.Parse(colours.Groups[2 + scheme].Value, NumberStyles.HexNumber, Invariant);
        return 0.2126 * Linear(colour >> 16) + 0.7152 * Linear(colour >> 8 & 255) + 0.0722 * Linear(colour & 255);
    }

    private static double Linear(int channel)
    {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("--([a-z0-9-]+): light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)")]
    private static partial Regex Colours();
}

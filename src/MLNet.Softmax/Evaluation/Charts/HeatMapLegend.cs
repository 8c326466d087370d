using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Charts;

/// <summary>The shades of a heat map with the shares that they stand for.</summary>
internal static class HeatMapLegend
{
    private const double Swatch = 32;

    /// <summary>The swatches and the half of the last limit that stands out beyond them.</summary>
    public const double Width = Swatch * 8 + 18;

    public static void Draw(SvgCanvas canvas, double x, double y)
    {
        for (int level = 1; level < HeatLevels.Count; level++)
        {
            double left = x + (level - 1) * Swatch;
            canvas.Rectangle(left, y, Swatch, 9, $"heat{Tick(level, 1)}");
            canvas.Text(PercentTick(HeatLevels.Limits[level - 1], 0.01), left, y + 21, "legend", level == 1 ? TextAnchor.Start : TextAnchor.Middle);
        }

        canvas.Text("100%", x + Swatch * 8, y + 21, "legend", TextAnchor.Middle);
        canvas.Text("share of the actual class's rows", x, y + 36, "legend");
    }
}

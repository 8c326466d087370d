namespace MLNet.Softmax.Charts;

/// <summary>Axes with their ticks, grid lines and titles. The vertical axis has its title above it, where it reads level.</summary>
internal static class Axes
{
    public const double TickGap = 6;

    public static void DrawVertical(SvgCanvas canvas, PlotArea area, LinearScale scale, AxisTicks ticks, Func<double, string> label, string title)
    {
        foreach (double value in ticks.Values)
        {
            double y = scale[value];
            canvas.Line(area.Left, y, area.Right, y, "gridline");
            canvas.Text(label(value), area.Left - TickGap, y + 4, "tick", TextAnchor.End);
        }

        canvas.Text(title, 2, area.Top - 12, "axis-title");
    }

    public static void DrawHorizontal(SvgCanvas canvas, PlotArea area, LinearScale scale, AxisTicks ticks, Func<double, string> label, string title)
    {
        canvas.Line(area.Left, area.Bottom, area.Right, area.Bottom, "axis");
        foreach (double value in ticks.Values)
        {
            double x = scale[value];
            canvas.Line(x, area.Bottom, x, area.Bottom + 4, "axis");
            canvas.Text(label(value), x, area.Bottom + 16, "tick", TextAnchor.Middle);
        }

        canvas.Text(title, area.Right, area.Bottom + 34, "axis-title", TextAnchor.End);
    }
}

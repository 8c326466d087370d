namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Axes with their ticks, grid lines and titles. The title of the vertical axis is written above it, horizontally.</summary>
internal static class Axes
{
    public const double TickGap = 6;

    public static void DrawVertical(
        SvgCanvas canvas, PlotArea area, LinearScale scale, AxisTicks ticks, Func<double, string> label, string title)
    {
        foreach (double value in ticks.Values)
        {
            double y = scale[value];
            canvas.Line(area.Left, y, area.Right, y, "gridline");
            canvas.Text(label(value), area.Left - TickGap, y + 4, "tick", TextAnchor.End);
        }

        canvas.Text(title, 2, area.Top - 12, "axis-title");
    }

    public static void DrawHorizontal(
        SvgCanvas canvas, PlotArea area, LinearScale scale, AxisTicks ticks, Func<double, string> label, string title)
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

/// <summary>Round values along an axis: multiples of 1, 2, 2.5 or 5 times a power of ten.</summary>
internal sealed record AxisTicks(double Step, IReadOnlyList<double> Values)
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>About <paramref name="count"/> round values from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public static AxisTicks Within(double start, double end, int count = 5)
    {
        if (!double.IsFinite(start) || !double.IsFinite(end) || !(end > start))
            return new AxisTicks(1, double.IsFinite(start) ? [start] : []);
        double step = RoundStep((end - start) / Math.Max(1, count));
        double first = Math.Ceiling(start / step - 1e-9), last = Math.Floor(end / step + 1e-9);
        var values = new double[Math.Max(0, (int)(last - first) + 1)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (first + i) * step;
        return new AxisTicks(step, values);
    }

    /// <summary>The narrowest domain between two round values that contains both ends.</summary>
    public static (double Start, double End) RoundDomain(double start, double end, int count = 5)
    {
        if (!double.IsFinite(start) || !double.IsFinite(end))
            return (0, 1);
        if (!(end > start))
            return start == 0 ? (0, 1) : (Math.Min(0, start), Math.Max(0, start));
        double step = RoundStep((end - start) / Math.Max(1, count));
        return (Math.Floor(start / step + 1e-9) * step, Math.Ceiling(end / step - 1e-9) * step);
    }

    private static double RoundStep(double roughStep)
    {
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(roughStep)));
        return RoundSteps.First(step => step * magnitude >= roughStep * (1 - 1e-9)) * magnitude;
    }
}

/// <summary>The rectangle in which the data is plotted. Axes and their labels are outside it.</summary>
internal readonly record struct PlotArea(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public LinearScale Horizontal(double domainStart, double domainEnd) => new(domainStart, domainEnd, Left, Right);

    /// <summary>The vertical scale; greater values are higher.</summary>
    public LinearScale Vertical(double domainStart, double domainEnd) => new(domainStart, domainEnd, Bottom, Top);
}

/// <summary>Maps values to drawing coordinates. Values outside the domain are drawn at its edge.</summary>
internal readonly record struct LinearScale(double DomainStart, double DomainEnd, double RangeStart, double RangeEnd)
{
    /// <summary>The coordinate of <paramref name="value"/>; NaN stays NaN.</summary>
    public double this[double value]
    {
        get
        {
            double fraction = DomainEnd == DomainStart ? 0 : (value - DomainStart) / (DomainEnd - DomainStart);
            return RangeStart + Math.Clamp(fraction, 0, 1) * (RangeEnd - RangeStart);
        }
    }
}

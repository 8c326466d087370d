using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Named values from 0 upwards as bars, each with its value beside it.</summary>
internal sealed class HorizontalBars(string title, string axisTitle, IReadOnlyList<(string Name, double Value)> values) : Chart(title)
{
    private const double Pitch = 24, Top = 30, WidestName = 120, FigureRoom = 54;

    public override string Description => values.Count == 0
        ? NothingToShow
        : string.Join(", ", values.Select(value => $"{value.Name}: {Percent(value.Value, 2)}")) + ".";

    private protected override double DrawingHeight => Top + Math.Max(1, values.Count) * Pitch + 6;

    private protected override void Draw(SvgCanvas canvas)
    {
        if (values.Count == 0)
        {
            NoRows(canvas, DrawingWidth / 2, Top + Pitch / 2);
            return;
        }

        double names = Math.Min(WidestName, values.Select(value => ChartLabel.Width(value.Name)).DefaultIfEmpty(0).Max());
        double largest = values.Select(value => value.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var area = new PlotArea(names + 12, Top, DrawingWidth - FigureRoom, Top + values.Count * Pitch);
        var x = area.Horizontal(0, largest > 0 ? largest : 1);
        canvas.Text(axisTitle, 2, 16, "axis-title");
        for (int i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            double y = Top + i * Pitch, middle = y + Pitch / 2 + 4;
            canvas.Text(ChartLabel.Fit(name, names), names + 4, middle, "name", TextAnchor.End, hint: name);
            double end = double.IsNaN(value) ? area.Left : x[value];
            canvas.Rectangle(area.Left, y + 4, end - area.Left, Pitch - 8, "bar");
            canvas.Text(Percent(value, 2), end + 6, middle, "figure");
        }

        canvas.Line(area.Left, Top, area.Left, area.Bottom, "axis");
    }
}

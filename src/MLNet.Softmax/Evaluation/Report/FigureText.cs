using MLNet.Softmax.Numerics.Metrics;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>Figures and their intervals in the unit that people read them in: shares as percentages, losses and scores as numbers.</summary>
internal static class FigureText
{
    public static string Of(HeadlineMetric metric, double value) => IsShare(metric) ? Percent(value, 2) : Decimal(value);

    public static string Of(HeadlineMetric metric, ConfidenceInterval? interval) => interval is { } bounds
        ? Interval(Of(metric, bounds.Lower), Of(metric, bounds.Upper))
        : Missing;

    /// <summary>A difference of two figures, with its sign; differences of percentages are percentage points.</summary>
    public static string Difference(HeadlineMetric metric, double value)
    {
        bool isShare = IsShare(metric);
        string text = isShare ? Decimal(value * 100, 2) : Decimal(value);
        return (value > 0 ? "+" : "") + text + (isShare ? " pp" : "");
    }

    /// <summary>As "95%".</summary>
    public static string Level(double level) => PercentTick(level, 0.01);

    private static bool IsShare(HeadlineMetric metric) => metric is HeadlineMetric.MicroAccuracy or HeadlineMetric.MacroAccuracy
        or HeadlineMetric.ExpectedCalibrationError or HeadlineMetric.MaximumCalibrationError;
}

using System.Globalization;
using System.Text;
using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>A comparison as a table of plain text.</summary>
internal static class ComparisonText
{
    public static string Of(ProbabilityComparison comparison)
    {
        var culture = CultureInfo.InvariantCulture;
        var level = comparison.Bootstrap.Level;
        var text = new StringBuilder();
        text.Append(culture, $"{comparison.Rows} rows in common");
        if (comparison.RowsOnlyBefore + comparison.RowsOnlyAfter > 0)
            text.Append(culture, $" ({comparison.RowsOnlyBefore} only before, {comparison.RowsOnlyAfter} only after: not compared)");
        text.AppendLine(culture, $"; {comparison.Bootstrap.Resamples} paired resamples, seed {comparison.Bootstrap.Seed}");
        text.AppendLine(culture, $"{"",-28}{"before",9}{"after",10}{"difference",12}   {level:P0} interval");
        foreach (var difference in comparison.Differences)
        {
            text.AppendLine(culture, $"{MetricNames.Of(difference.Metric),-28}{difference.Before,9:F4}{difference.After,10:F4}"
                + $"{difference.Difference,12:+0.0000;-0.0000;0.0000}   [{difference.Interval.Lower,8:+0.0000;-0.0000;0.0000},"
                + $"{difference.Interval.Upper,8:+0.0000;-0.0000;0.0000}]  {Verdict(difference)}");
        }

        return text.ToString();
    }

    private static string Verdict(MetricDifference difference) =>
        difference.IsImprovement ? "better" : difference.IsReal ? "worse" : "no real difference";
}

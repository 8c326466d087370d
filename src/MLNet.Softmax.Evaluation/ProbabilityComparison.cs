using System.Text;
using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Evaluation;

/// <summary>Compares two models or calibrators on the same rows: what changed, and which changes are real. Immutable.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class ProbabilityComparison
{
    internal ProbabilityComparison(ProbabilityMetrics before, ProbabilityMetrics after, BootstrapOptions bootstrap)
    {
        if (!before.ClassNames.SequenceEqual(after.ClassNames))
            throw new ArgumentException("The two evaluations are of different classes.", nameof(after));
        if (before.CalibrationBins != after.CalibrationBins)
        {
            throw new ArgumentException(
                $"The two evaluations use different bins: {before.CalibrationBins} and {after.CalibrationBins}.", nameof(after));
        }

        (Resamples, Seed, ConfidenceLevel) = (bootstrap.Resamples, bootstrap.Seed, bootstrap.ConfidenceLevel);
        var (first, second) = KeptRows.InCommon(RowsOf(before, nameof(before)), RowsOf(after, nameof(after)));
        Rows = first.Length;
        RowsOnlyBefore = before.RowsUsed - Rows;
        RowsOnlyAfter = after.RowsUsed - Rows;
        Differences = ImmutableArray.Create(Bootstrap.Compare(first, second, before.ClassCount, before.CalibrationBins, bootstrap));
    }

    /// <summary>Every headline metric before and after, over the rows in common.</summary>
    public IReadOnlyList<MetricDifference> Differences { get; }

    /// <summary>The number of rows that both evaluations used.</summary>
    public long Rows { get; }

    /// <summary>Rows that only the first evaluation used; they are not compared.</summary>
    public long RowsOnlyBefore { get; }

    /// <summary>Rows that only the second evaluation used; they are not compared.</summary>
    public long RowsOnlyAfter { get; }

    /// <summary>How many paired resamples the intervals were computed from.</summary>
    public int Resamples { get; }

    /// <summary>The seed of the resamples.</summary>
    public int Seed { get; }

    /// <summary>The confidence level of the intervals.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>The difference of one metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public MetricDifference this[HeadlineMetric metric] => Differences[ProbabilityMetrics.IndexOf(metric)];

    /// <summary>A table for the console.</summary>
    /// <returns>One line per metric: before, after, the difference with its interval, and whether it is real.</returns>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.Append(culture, $"{Rows} rows in common");
        if (RowsOnlyBefore + RowsOnlyAfter > 0)
            text.Append(culture, $" ({RowsOnlyBefore} only before, {RowsOnlyAfter} only after: not compared)");
        text.AppendLine(culture, $"; {Resamples} paired resamples, seed {Seed}");
        text.AppendLine(culture, $"{"",-28}{"before",9}{"after",10}{"difference",12}   {ConfidenceLevel:P0} interval");
        foreach (var difference in Differences)
        {
            text.AppendLine(culture, $"{MetricsText.Name(difference.Metric),-28}{difference.Before,9:F4}{difference.After,10:F4}"
                + $"{difference.Difference,12:+0.0000;-0.0000;0.0000}   [{difference.Interval.Lower,8:+0.0000;-0.0000;0.0000},"
                + $"{difference.Interval.Upper,8:+0.0000;-0.0000;0.0000}]  {Verdict(difference)}");
        }

        return text.ToString();
    }

    internal static string Verdict(MetricDifference difference, string better = "better", string worse = "worse") =>
        difference.IsImprovement ? better : difference.IsReal ? worse : "no real difference";

    private static KeptRows RowsOf(ProbabilityMetrics metrics, string name) => metrics.Rows ?? throw new ArgumentException(
        $"The evaluation '{name}' did not keep its rows. Evaluate with options KeepRows = true to compare.", name);
}

using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>The same rows under two models or calibrators: what changed, and which changes are real. Cannot be changed.</summary>
public sealed class ProbabilityComparison
{
    internal ProbabilityComparison(
        MetricDifference[] differences, long rows, long rowsOnlyBefore, long rowsOnlyAfter, BootstrapOptions bootstrap)
    {
        Differences = ImmutableArray.Create(differences);
        Rows = rows;
        RowsOnlyBefore = rowsOnlyBefore;
        RowsOnlyAfter = rowsOnlyAfter;
        Bootstrap = bootstrap;
    }

    /// <summary>Every headline metric before and after, over the rows in common.</summary>
    public IReadOnlyList<MetricDifference> Differences { get; }

    /// <summary>The number of rows that both evaluations used.</summary>
    public long Rows { get; }

    /// <summary>Rows that only the first evaluation used; they are not compared.</summary>
    public long RowsOnlyBefore { get; }

    /// <summary>Rows that only the second evaluation used; they are not compared.</summary>
    public long RowsOnlyAfter { get; }

    /// <summary>How the intervals were computed.</summary>
    public BootstrapOptions Bootstrap { get; }

    /// <summary>The difference of one metric.</summary>
    /// <param name="metric">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public MetricDifference this[HeadlineMetric metric] => Enum.IsDefined(metric)
        ? Differences[(int)metric]
        : throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric.");

    /// <summary>A table for the console.</summary>
    /// <returns>One line a metric: before, after, the difference with its interval, and whether it is real.</returns>
    public override string ToString() => ComparisonText.Of(this);
}

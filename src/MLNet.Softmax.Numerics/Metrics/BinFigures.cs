using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>What a row of a <see cref="BinTable"/> says.</summary>
internal static class BinFigures
{
    public static ReliabilityBin[] ToBins(this BinTable table, int row, double level)
    {
        var layout = table.Layout;
        var bins = new ReliabilityBin[layout.Count];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var sums = table.Sums(row, bin);
            var weight = sums[0];
            var observed = sums[3] / weight;
            var effectiveCount = weight * weight / sums[1];
            bins[bin] = new ReliabilityBin(
                layout.LowerEdge(bin), layout.LowerEdge(bin + 1), weight, sums[2] / weight, observed,
                WilsonInterval.Compute(observed, effectiveCount, level));
        }

        return bins;
    }

    /// <summary>sum over bins of |came true - claimed| / weight of the row; NaN where the row has no weight.</summary>
    public static double ExpectedError(this BinTable table, int row)
    {
        double gaps = 0, weight = 0;
        for (var bin = 0; bin < table.Layout.Count; bin++)
        {
            var sums = table.Sums(row, bin);
            gaps += Math.Abs(sums[3] - sums[2]);
            weight += sums[0];
        }

        return gaps / weight;
    }

    public static double MeanProbability(this BinTable table, int row)
    {
        var total = Vector256<double>.Zero;
        for (var bin = 0; bin < table.Layout.Count; bin++)
            total += table.Sums(row, bin);
        return total[2] / total[0];
    }

    /// <summary>The widest gap of a bin that has weight; NaN where none has.</summary>
    public static double MaximumError(this BinTable table, int row)
    {
        var widest = double.NaN;
        for (var bin = 0; bin < table.Layout.Count; bin++)
        {
            var sums = table.Sums(row, bin);
            if (sums[0] > 0)
                widest = Math.Max(double.IsNaN(widest) ? 0 : widest, Math.Abs(sums[3] - sums[2]) / sums[0]);
        }

        return widest;
    }
}

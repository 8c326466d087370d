using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Rows of bins, each with four sums side by side so that one vector addition updates them:
/// weight, weight squared, weight x probability, weight of what came true.
/// </summary>
internal sealed class BinTable(int rowCount, BinLayout layout)
{
    private readonly Vector256<double>[] _sums = new Vector256<double>[checked(rowCount * layout.Count)];

    public BinLayout Layout => layout;

    public int RowCount => rowCount;

    public Span<Vector256<double>> Row(int row) => _sums.AsSpan(row * layout.Count, layout.Count);

    public void Add(int row, float probability, double weight, bool cameTrue)
    {
        var sum = Vector256.Create(weight, weight * weight, weight * probability, cameTrue ? weight : 0);
        _sums[(row * layout.Count) + layout.IndexOf(probability)] += sum;
    }

    public void Merge(BinTable other)
    {
        for (var index = 0; index < _sums.Length; index++)
            _sums[index] += other._sums[index];
    }

    public ReliabilityBin[] ToBins(int row, double level)
    {
        var bins = new ReliabilityBin[layout.Count];
        var sums = Row(row);
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var weight = sums[bin][0];
            var observed = sums[bin][3] / weight;
            var effectiveCount = weight * weight / sums[bin][1];
            bins[bin] = new ReliabilityBin(
                layout.LowerEdge(bin), layout.LowerEdge(bin + 1), weight, sums[bin][2] / weight, observed,
                WilsonInterval.Compute(observed, effectiveCount, level));
        }

        return bins;
    }

    /// <summary>sum over bins of |came true - claimed| / weight of the row; NaN where the row has no weight.</summary>
    public double ExpectedError(int row)
    {
        double gaps = 0, weight = 0;
        foreach (var sum in Row(row))
        {
            gaps += Math.Abs(sum[3] - sum[2]);
            weight += sum[0];
        }

        return gaps / weight;
    }

    public double MeanProbability(int row)
    {
        double probability = 0, weight = 0;
        foreach (var sum in Row(row))
        {
            probability += sum[2];
            weight += sum[0];
        }

        return probability / weight;
    }

    /// <summary>The widest gap of a bin that has weight; NaN where none has.</summary>
    public double MaximumError(int row)
    {
        var widest = double.NaN;
        foreach (var sum in Row(row))
        {
            if (sum[0] > 0)
                widest = Math.Max(double.IsNaN(widest) ? 0 : widest, Math.Abs(sum[3] - sum[2]) / sum[0]);
        }

        return widest;
    }
}

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// A sum that carries its own rounding error along, so that the order in which partial sums are merged does not show in the result.
/// </summary>
/// <remarks>
/// Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974), with Knuth's branch-free two-sum.
/// </remarks>
internal struct CompensatedSum
{
    private double _sum;
    private double _error;

    public readonly double Value => _sum + _error;

    public static double Total(ReadOnlySpan<CompensatedSum> sums)
    {
        var total = new CompensatedSum();
        foreach (ref readonly var sum in sums)
            total.Merge(sum);
        return total.Value;
    }

    public void Add(double value)
    {
        var total = _sum + value;
        var added = total - _sum;
        _error += (_sum - (total - added)) + (value - added);
        _sum = total;
    }

    public static void Merge(Span<CompensatedSum> sums, ReadOnlySpan<CompensatedSum> others)
    {
        for (var index = 0; index < sums.Length; index++)
            sums[index].Merge(others[index]);
    }

    public void Merge(in CompensatedSum other)
    {
        Add(other._sum);
        _error += other._error;
    }
}

/// <summary>The sums from which the standard error of a weighted mean is computed, in one pass.</summary>
internal struct MeanError
{
    private double _weightSquares;
    private double _first;
    private double _second;

    public void Add(double value, double weight)
    {
        var square = weight * weight;
        _weightSquares += square;
        _first += square * value;
        _second += square * value * value;
    }

    public void Merge(in MeanError other)
    {
        _weightSquares += other._weightSquares;
        _first += other._first;
        _second += other._second;
    }

    /// <summary>sqrt(sum w^2 (x - mean)^2) / sum w, with n / (n - 1) for the effective number of rows n = (sum w)^2 / sum w^2.</summary>
    public readonly double StandardError(double mean, double weight)
    {
        var squares = Math.Max(0, _second - (2 * mean * _first) + (mean * mean * _weightSquares));
        var effective = weight * weight / _weightSquares;
        return effective > 1 ? Math.Sqrt(squares * effective / (effective - 1)) / weight : double.NaN;
    }
}

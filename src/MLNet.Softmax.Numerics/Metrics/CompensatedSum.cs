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

    public void Add(double value)
    {
        var total = _sum + value;
        var added = total - _sum;
        _error += (_sum - (total - added)) + (value - added);
        _sum = total;
    }

    public void Merge(in CompensatedSum other)
    {
        Add(other._sum);
        _error += other._error;
    }
}

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>What the standard error of a weighted mean is worked out from, in one pass.</summary>
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

using System.Text;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The bin to which a probability on the edge between two bins belongs.</summary>
public enum BinConvention
{
    /// <summary>(lower, upper], as in Guo et al. 2017 and most papers; 0 belongs to the first bin.</summary>
    UpperInclusive,

    /// <summary>[lower, upper), as in the histograms of NumPy and scikit-learn; 1 belongs to the last bin.</summary>
    LowerInclusive,
}

/// <summary>Bins of equal width over the probabilities from 0 to 1.</summary>
public sealed record BinLayout
{
    /// <summary>15 bins (lower, upper], as in most published calibration errors.</summary>
    public static BinLayout Default { get; } = new();

    /// <summary>Creates a layout.</summary>
    /// <param name="count">The number of bins, from 1 to 65,536.</param>
    /// <param name="convention">The bin to which a probability on an edge belongs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="convention"/> is out of range.</exception>
    public BinLayout(int count = 15, BinConvention convention = BinConvention.UpperInclusive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 65_536);
        Guard.Require(Enum.IsDefined(convention), convention, "Expected UpperInclusive or LowerInclusive.");
        Count = count;
        Convention = convention;
    }

    /// <summary>The number of bins.</summary>
    public int Count { get; }

    /// <summary>The bin to which a probability on an edge belongs.</summary>
    public BinConvention Convention { get; }

    /// <summary>The lower edge of a bin.</summary>
    /// <param name="bin">The bin, 0-based.</param>
    /// <returns>bin / <see cref="Count"/>.</returns>
    public double LowerEdge(int bin) => (double)bin / Count;

    /// <summary>Returns the bin that a probability belongs to.</summary>
    /// <param name="probability">A probability; values outside 0 to 1 go to the first or the last bin.</param>
    /// <returns>The bin, 0-based.</returns>
    public int IndexOf(float probability) => Math.Clamp(BinTable.SlotOf(Math.Max(probability, 0f), this) - 1, 0, Count - 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Count} bins, {Convention}";
}

/// <summary>
/// One bar of a reliability diagram: the rows whose probability is in one bin, their mean probability, and how often the prediction came
/// true.
/// </summary>
/// <param name="LowerEdge">The lower edge of the bin, from 0.</param>
/// <param name="UpperEdge">The upper edge of the bin, up to 1.</param>
/// <param name="Weight">The weight of the rows in the bin; their number where there are no weights.</param>
/// <param name="MeanProbability">The mean predicted probability; NaN in an empty bin.</param>
/// <param name="ObservedFrequency">The share of rows for which the prediction came true; NaN in an empty bin.</param>
/// <param name="Interval">The Wilson interval of <paramref name="ObservedFrequency"/>; NaN bounds in an empty bin.</param>
public readonly record struct ReliabilityBin(
    double LowerEdge, double UpperEdge, double Weight, double MeanProbability, double ObservedFrequency, ConfidenceInterval Interval)
{
    /// <summary>
    /// <see cref="ObservedFrequency"/> minus <see cref="MeanProbability"/>: negative if the model is overconfident; NaN in an empty bin.
    /// </summary>
    public double Gap => ObservedFrequency - MeanProbability;

    /// <summary>Whether the bin contains no row with a weight.</summary>
    public bool IsEmpty => Weight == 0;

    private readonly bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"LowerEdge = {LowerEdge}, UpperEdge = {UpperEdge}, Weight = {Weight}, "
            + $"MeanProbability = {MeanProbability}, ObservedFrequency = {ObservedFrequency}, "
            + $"Interval = {Interval}");
        return true;
    }
}

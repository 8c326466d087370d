using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>To which of two neighbouring bins a probability on the edge between them belongs.</summary>
public enum BinConvention
{
    /// <summary>(lower, upper], as Guo et al. 2017 and most papers have it; 0 belongs to the first bin.</summary>
    UpperInclusive,

    /// <summary>[lower, upper), as histograms of NumPy and scikit-learn have it; 1 belongs to the last bin.</summary>
    LowerInclusive,
}

/// <summary>Bins of equal width over the probabilities from 0 to 1.</summary>
public sealed record BinLayout
{
    /// <summary>15 bins (lower, upper]: what published calibration errors use.</summary>
    public static BinLayout Default { get; } = new();

    /// <summary>Lays the bins out.</summary>
    /// <param name="count">How many, from 1 to 65,536.</param>
    /// <param name="convention">To which bin a probability on an edge belongs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="convention"/> is out of range.</exception>
    public BinLayout(int count = 15, BinConvention convention = BinConvention.UpperInclusive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 65_536);
        Guard.Require(Enum.IsDefined(convention), convention, "Expected UpperInclusive or LowerInclusive.");
        Count = count;
        Convention = convention;
    }

    /// <summary>How many bins.</summary>
    public int Count { get; }

    /// <summary>To which bin a probability on an edge belongs.</summary>
    public BinConvention Convention { get; }

    /// <summary>The lower edge of a bin.</summary>
    /// <param name="bin">The bin, 0-based.</param>
    /// <returns>bin / <see cref="Count"/>.</returns>
    public double LowerEdge(int bin) => (double)bin / Count;

    /// <summary>The bin that a probability belongs to.</summary>
    /// <param name="probability">A probability; values outside 0 to 1 go to the first or the last bin.</param>
    /// <returns>The bin, 0-based.</returns>
    public int IndexOf(float probability) => Math.Clamp(BinTable.SlotOf(Math.Max(probability, 0f), this) - 1, 0, Count - 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Count} bins, {Convention}";
}

/// <summary>
/// One bar of a reliability diagram: rows whose probability falls between two edges, what they claimed and what came true.
/// </summary>
/// <param name="LowerEdge">The lower edge of the bin, from 0.</param>
/// <param name="UpperEdge">The upper edge of the bin, up to 1.</param>
/// <param name="Weight">The weight of the rows in the bin; their number where there are no weights.</param>
/// <param name="MeanProbability">The mean probability claimed; NaN in an empty bin.</param>
/// <param name="ObservedFrequency">The share for which the claim came true; NaN in an empty bin.</param>
/// <param name="Interval">The Wilson interval of <paramref name="ObservedFrequency"/>; NaN bounds in an empty bin.</param>
public readonly record struct ReliabilityBin(
    double LowerEdge, double UpperEdge, double Weight, double MeanProbability, double ObservedFrequency, ConfidenceInterval Interval)
{
    /// <summary>Observed - claimed: negative where the model is overconfident; NaN in an empty bin.</summary>
    public double Gap => ObservedFrequency - MeanProbability;

    /// <summary>Whether no row with weight falls into the bin.</summary>
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

/// <summary>
/// Rows of bins, each with four sums side by side so that one vector addition updates them: weight, weight squared, weight x probability,
/// weight of what came true.
/// </summary>
/// <remarks>
/// Each row has a slot more at either end, so that the slot of a probability is one multiplication and one rounding away, without clamping;
/// what lands on 0 or beyond 1 is counted with the first or the last bin when read.
/// </remarks>
internal sealed class BinTable(int rowCount, BinLayout layout)
{
    private readonly int _slots = layout.Count + 2;
    private readonly Vector256<double>[] _sums = new Vector256<double>[checked(rowCount * (layout.Count + 2))];

    public BinLayout Layout => layout;

    public int RowCount => rowCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int row, float probability, double weight, double cameTrue)
    {
        var sum = Vector256.Create(weight, weight * weight, weight * probability, cameTrue);
        _sums[(row * _slots) + SlotOf(probability, layout)] += sum;
    }

    /// <summary>Adds a probability to each row, for a case that comes true in the row <paramref name="label"/> alone.</summary>
    /// <param name="probabilities">One probability for each row of the table.</param>
    /// <param name="slots">Their slots.</param>
    /// <param name="label">The row of the case that came true.</param>
    /// <param name="weight">What the case counts for.</param>
    public void AddToEachRow(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> slots, int label, double weight)
    {
        var weights = Vector256.Create(weight, weight * weight, 0, 0);
        var claim = Vector256.Create(0, 0, weight, 0);
        var sums = _sums.AsSpan();
        var first = 0;
        for (var row = 0; row < slots.Length; row++)
        {
            sums[first + slots[row]] += Vector256.FusedMultiplyAdd(claim, Vector256.Create((double)probabilities[row]), weights);
            first += _slots;
        }

        sums[(label * _slots) + slots[label]] += Vector256.Create(0, 0, 0, weight);
    }

    public void Merge(BinTable other)
    {
        for (var index = 0; index < _sums.Length; index++)
            _sums[index] += other._sums[index];
    }

    public ReliabilityBin[] ToBins(int row, double level)
    {
        var bins = new ReliabilityBin[layout.Count];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var sums = Sums(row, bin);
            var weight = sums[0];
            var observed = sums[3] / weight;
            var effectiveCount = weight * weight / sums[1];
            bins[bin] = new ReliabilityBin(
                layout.LowerEdge(bin), layout.LowerEdge(bin + 1), weight, sums[2] / weight, observed,
                ConfidenceInterval.OfShare(observed, effectiveCount, level));
        }

        return bins;
    }

    /// <summary>sum over bins of |came true - claimed| / weight of the row; NaN where the row has no weight.</summary>
    public double ExpectedError(int row)
    {
        double gaps = 0, weight = 0;
        for (var bin = 0; bin < layout.Count; bin++)
        {
            var sums = Sums(row, bin);
            gaps += Math.Abs(sums[3] - sums[2]);
            weight += sums[0];
        }

        return gaps / weight;
    }

    public double MeanProbability(int row)
    {
        var total = Vector256<double>.Zero;
        for (var bin = 0; bin < layout.Count; bin++)
            total += Sums(row, bin);
        return total[2] / total[0];
    }

    /// <summary>The widest gap of a bin that has weight; NaN where none has.</summary>
    public double MaximumError(int row)
    {
        var widest = double.NaN;
        for (var bin = 0; bin < layout.Count; bin++)
        {
            var sums = Sums(row, bin);
            if (sums[0] > 0)
                widest = Math.Max(double.IsNaN(widest) ? 0 : widest, Math.Abs(sums[3] - sums[2]) / sums[0]);
        }

        return widest;
    }

    /// <summary>
    /// The slot of a probability, exact on the edges of the bins: slot b + 1 is bin b, slot 0 a probability of 0, the last slot one of 1
    /// or, by rounding, a little more.
    /// </summary>
    public static int SlotOf(float probability, BinLayout layout)
    {
        // Exact: a float times a count this small has no more digits than a double holds.
        var position = (double)Math.Min(probability, 1f) * layout.Count;
        return layout.Convention == BinConvention.UpperInclusive ? (int)Math.Ceiling(position) : (int)position + 1;
    }

    /// <summary>The slots of many probabilities, in any arrangement.</summary>
    public static void ComputeSlots(ReadOnlySpan<float> probabilities, BinLayout layout, Span<int> slots)
    {
        var upperInclusive = layout.Convention == BinConvention.UpperInclusive;
        var scale = Vector256.Create((float)layout.Count);
        var index = 0;
        for (; index <= probabilities.Length - RowLanes.Width; index += RowLanes.Width)
        {
            var values = Vector256.MinNative(RowLanes.Load(probabilities, index), Vector256<float>.One);
            (upperInclusive ? Ceiling(values, scale) : Vector256<int>.One - Ceiling(-values, scale)).CopyTo(slots[index..]);
        }

        for (; index < probabilities.Length; index++)
            slots[index] = SlotOf(probabilities[index], layout);
    }

    private static Vector256<int> Ceiling(Vector256<float> values, Vector256<float> scale)
    {
        var position = values * scale;
        var rounded = Vector256.Ceiling(position);
        // Where the product was rounded down to a whole number, what it lost lifts it into the next bin.
        var lost = Vector256.FusedMultiplyAdd(values, scale, -position);
        var lifted = Vector256.Equals(rounded, position) & Vector256.GreaterThan(lost, Vector256<float>.Zero);
        return Vector256.ConvertToInt32(rounded) - lifted.AsInt32();
    }

    /// <summary>The four sums of a bin.</summary>
    private Vector256<double> Sums(int row, int bin)
    {
        var first = row * _slots;
        var sums = _sums[first + bin + 1];
        if (bin == 0)
            sums += _sums[first];
        if (bin == layout.Count - 1)
            sums += _sums[first + layout.Count + 1];
        return sums;
    }
}

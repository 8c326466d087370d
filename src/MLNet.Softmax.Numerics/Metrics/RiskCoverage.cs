using System.Text;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The coverage and risk when only the rows whose confidence reaches a threshold are answered.</summary>
/// <param name="Confidence">The threshold: the lowest top probability at which a row is answered.</param>
/// <param name="Coverage">The share of rows that are answered, from 0 to 1.</param>
/// <param name="Risk">The share of these answers that are wrong, from 0 to 1.</param>
public readonly record struct RiskCoveragePoint(double Confidence, double Coverage, double Risk)
{
    private readonly bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Confidence = {Confidence}, Coverage = {Coverage}, Risk = {Risk}");
        return true;
    }
}

/// <summary>
/// The risk-coverage curve: how the share of wrong answers falls if the model does not answer the rows it is least sure of.
/// </summary>
/// <remarks>
/// El-Yaniv and Wiener, "On the foundations of noise-free selective classification" (2010). Uses constant memory: confidences are grouped
/// to within 3 % of their distance from 1 (exactly at 1), which gives about 800 thresholds. Coverage and risk are exact at each of them.
/// </remarks>
public sealed class RiskCoverage
{
    // The sign, the exponent and five bits of the mantissa of 1 - confidence, which lies between 0 and 1.
    private const int DroppedBits = 18;
    // Just below the bucket of 2^-24, the smallest distance from 1 that a float can have.
    private const int FirstBucket = (0x33800000 >> DroppedBits) - 1;
    private static readonly int BucketCount = Bucket(0f) + 1;

    private readonly double[] _weights = new double[BucketCount];
    private readonly double[] _correct = new double[BucketCount];
    private readonly float[] _lowest = new float[BucketCount];

    internal RiskCoverage() => Array.Fill(_lowest, float.PositiveInfinity);

    /// <summary>
    /// The area under the curve: the mean risk over all coverages. 0 is perfect; for an uninformative confidence it is the error rate. Rows
    /// of the same group count as if in random order. NaN if no row has weight.
    /// </summary>
    public double Area
    {
        get
        {
            double area = 0, answered = 0, wrong = 0;
            for (var bucket = 0; bucket < BucketCount; bucket++)
            {
                var weight = _weights[bucket];
                if (weight == 0)
                    continue;
                // The integral of (wrong + rate t) / (answered + t) over the weight of the bucket.
                var rate = Errors(bucket) / weight;
                area += rate * weight;
                if (answered > 0)
                    area += (wrong - (rate * answered)) * double.LogP1(weight / answered);
                answered += weight;
                wrong += Errors(bucket);
            }

            return area / answered;
        }
    }

    /// <summary>Computes the curve of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The curve and its area.</returns>
    public static RiskCoverage Compute(ProbabilityBlock block) =>
        RowOutcome.Feed(block, new RiskCoverage(), static (curve, rows) => curve.Add(rows));

    /// <summary>The curve, from the most confident rows to all of them.</summary>
    /// <returns>
    /// One point per threshold, in ascending order of coverage; the last has coverage 1 and the error rate. Empty if no row has weight.
    /// </returns>
    public RiskCoveragePoint[] ToPoints()
    {
        var total = _weights.Sum();
        var points = new List<RiskCoveragePoint>();
        double answered = 0, wrong = 0;
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            if (_weights[bucket] == 0)
                continue;
            answered += _weights[bucket];
            wrong += Errors(bucket);
            points.Add(new RiskCoveragePoint(_lowest[bucket], answered / total, wrong / answered));
        }

        return [.. points];
    }

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
        {
            if (outcome.Weight == 0)
                continue;
            var bucket = Bucket(outcome.TopProbability);
            _weights[bucket] += outcome.Weight;
            _correct[bucket] += outcome.CorrectWeight;
            if (outcome.TopProbability < _lowest[bucket])
                _lowest[bucket] = outcome.TopProbability;
        }
    }

    internal void Merge(RiskCoverage other)
    {
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            _weights[bucket] += other._weights[bucket];
            _correct[bucket] += other._correct[bucket];
            _lowest[bucket] = Math.Min(_lowest[bucket], other._lowest[bucket]);
        }
    }

    internal void Transfer(StateTransfer state)
    {
        state.Sums<double>(_weights);
        state.Sums<double>(_correct);
        state.Numbers<float>(_lowest);
    }

    private double Errors(int bucket) => _weights[bucket] - _correct[bucket];

    private static int Bucket(float confidence) =>
        Math.Max(0, (int)(BitConverter.SingleToUInt32Bits(Math.Max(0f, 1f - confidence)) >> DroppedBits) - FirstBucket);
}

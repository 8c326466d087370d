namespace MLNet.Softmax.Numerics.Metrics;

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
}

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>To which of two neighbouring bins a probability on the edge between them belongs.</summary>
public enum BinConvention
{
    /// <summary>(lower, upper], as Guo et al. 2017 and most papers have it; 0 belongs to the first bin.</summary>
    UpperInclusive,

    /// <summary>[lower, upper), as histograms of NumPy and scikit-learn have it; 1 belongs to the last bin.</summary>
    LowerInclusive,
}

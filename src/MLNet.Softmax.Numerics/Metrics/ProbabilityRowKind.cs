namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>What a row of scores looks like.</summary>
public enum ProbabilityRowKind
{
    /// <summary>Finite values from 0 to 1 that sum to 1, within <see cref="ProbabilityBlock.Tolerance"/>.</summary>
    Probabilities,

    /// <summary>NaN or positive infinity among the values, or negative infinity among values that are no log-probabilities.</summary>
    NotFinite,

    /// <summary>No value above 0, and the exponentials sum to 1.</summary>
    LogProbabilities,

    /// <summary>Values from 0 to 1 that do not sum to 1, as of independent (one-against-rest) classifiers.</summary>
    IndependentProbabilities,

    /// <summary>Anything else: negative values or values above 1, as raw scores have them.</summary>
    Logits,
}

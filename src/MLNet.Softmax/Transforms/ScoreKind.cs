namespace Microsoft.ML;

/// <summary>
/// What a column of class scores holds. ML.NET's Score column is a softmax already after ImageClassification, SdcaMaximumEntropy,
/// LbfgsMaximumEntropy, OneVersusAll and PairwiseCoupling, and raw after SdcaNonCalibrated, NaiveBayes, OneVersusAll with
/// useProbabilities: false and most imported networks. A softmax of a softmax silently flattens: of two classes neither could exceed 0.731.
/// </summary>
public enum ScoreKind
{
    /// <summary>
    /// Decided during Fit from up to 64 rows: <see cref="Probabilities"/> where there are at least 8 and each of them is non-negative and
    /// sums to 1 within 1e-3, else <see cref="Logits"/>. Rows with NaN do not count. The decision is kept by the transformer, saved with
    /// it and written to <c>MLContext.Log</c>; a warning is written where fewer than 8 rows look like probabilities, or there are none.
    /// </summary>
    Auto = 0,

    /// <summary>Unbounded scores: weighted sums, log-probabilities.</summary>
    Logits = 1,

    /// <summary>Non-negative, with the sum 1 in each row. Their logits are ln(max(p, 1.17549435e-38)).</summary>
    Probabilities = 2,
}

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
    /// sums to 1 (or, as percentages, to 100) as far as rounding lets it, else <see cref="Logits"/>. Rows with NaN and rows of zeros do not
    /// count. Fit throws an <see cref="InvalidOperationException"/> where the rows do not decide: none, fewer than 8 that all look like
    /// probabilities, or most of them. The decision is kept by the transformer, saved with it and written to <c>MLContext.Log</c>.
    /// </summary>
    Auto = 0,

    /// <summary>
    /// Unbounded scores: weighted sums, log-probabilities. Fit throws an <see cref="InvalidOperationException"/> where the first rows, at
    /// least 3 and at most 8, are all probabilities, which a softmax would flatten.
    /// </summary>
    Logits = 1,

    /// <summary>
    /// Non-negative; each row is divided by its sum. Their logits are ln(max(p, 1.17549435e-38)). Fit throws an
    /// <see cref="InvalidOperationException"/> where one of the first 8 rows holds a negative value.
    /// </summary>
    Probabilities = 2,
}

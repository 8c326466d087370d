namespace Microsoft.ML;

/// <summary>
/// What a column of class scores holds. ML.NET's Score column already contains probabilities after ImageClassification, SdcaMaximumEntropy,
/// LbfgsMaximumEntropy, OneVersusAll and PairwiseCoupling, and raw scores after SdcaNonCalibrated, NaiveBayes, OneVersusAll with
/// useProbabilities: false and most imported networks. Softmax applied twice silently flattens the probabilities: with two classes, none
/// exceeds 0.731.
/// </summary>
public enum ScoreKind
{
    /// <summary>
    /// Fit inspects up to 64 rows; rows with NaN and rows of zeros do not count. If there are at least 8 and all of them are non-negative
    /// and sum to 1 (or, as percentages, to 100) within rounding, the scores are <see cref="Probabilities"/>; else <see cref="Logits"/>.
    /// Fit throws an <see cref="InvalidOperationException"/> if the rows do not decide: there are none, fewer than 8 that all look like
    /// probabilities, or, with no negative score, at least half but not all look like probabilities. The decision is saved with the
    /// transformer and written to <c>MLContext.Log</c>.
    /// </summary>
    Auto = 0,

    /// <summary>
    /// Unbounded scores: weighted sums, log-probabilities. Fit throws an <see cref="InvalidOperationException"/> if the first rows, at
    /// least 3 and at most 8, are all probabilities, which softmax would flatten.
    /// </summary>
    Logits = 1,

    /// <summary>
    /// Non-negative; each row is divided by its sum. Their logits are ln(max(p, 1.17549435e-38)). Fit throws an
    /// <see cref="InvalidOperationException"/> if one of the first 8 rows contains a negative value.
    /// </summary>
    Probabilities = 2,
}

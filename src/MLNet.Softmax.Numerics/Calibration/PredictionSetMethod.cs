namespace Microsoft.ML;

/// <summary>The method that decides which classes a conformal prediction set contains.</summary>
/// <remarks>
/// The type is in ML.NET's namespace for extension methods, so that <c>Calibrators.PredictionSet(method: ...)</c> only needs <c>using
/// Microsoft.ML;</c>. The type itself does not use ML.NET.
/// </remarks>
public enum PredictionSetMethod
{
    /// <summary>
    /// Least ambiguous sets: every class whose probability reaches a threshold (M. Sadinle et al., 2019). The smallest sets on average. The
    /// default, because it is easy to explain: the same probability always gives the same decision.
    /// </summary>
    Lac = 0,

    /// <summary>Adaptive sets: the most probable classes, until their probabilities add up to enough (Y. Romano et al., 2020).</summary>
    Aps = 1,

    /// <summary>
    /// APS with a penalty on every class beyond the first few, which shortens its largest sets (A. Angelopoulos et al., 2021). For many
    /// classes. With few classes it may add a second label although the top probability is very high. On five classes it did so in 115 of
    /// 996 rows with a top probability of 0.95 or more; LAC did in none, APS in one. The mean sizes were 2.09 (RAPS), 1.66 (LAC) and 1.96
    /// (APS).
    /// </summary>
    Raps = 2,
}

/// <summary>The rows for which the coverage of prediction sets is guaranteed.</summary>
public enum PredictionSetConditional
{
    /// <summary>On average over all rows. A rare class may be covered much less.</summary>
    OnAverage = 0,

    /// <summary>
    /// Within each true class: class-conditional or Mondrian prediction sets (V. Vovk, A. Gammerman and G. Shafer, "Algorithmic learning in
    /// a random world", 2005). Each class has its own threshold, fitted on its own rows. The sets are therefore larger, and each class
    /// needs coverage / (1 - coverage) rows.
    /// </summary>
    PerClass = 1,
}

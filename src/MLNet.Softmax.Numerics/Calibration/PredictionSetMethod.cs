namespace Microsoft.ML;

/// <summary>Which classes a conformal prediction set contains.</summary>
/// <remarks>
/// The namespace is that of ML.NET's extension methods, so that <c>Calibrators.PredictionSet(method: ...)</c> needs no more than
/// <c>using Microsoft.ML;</c>. The type itself uses no ML.NET.
/// </remarks>
public enum PredictionSetMethod
{
    /// <summary>
    /// Least ambiguous: every class whose probability reaches a threshold (M. Sadinle et al., 2019). The smallest sets on average; a row
    /// in which no class reaches the threshold gets an empty set.
    /// </summary>
    Lac = 0,

    /// <summary>Adaptive: classes from the most probable on until enough probability is gathered (Y. Romano et al., 2020).</summary>
    Aps = 1,

    /// <summary>
    /// Adaptive with a penalty on every class beyond the first few, which cuts the long tails of APS (A. Angelopoulos et al., 2021).
    /// </summary>
    Raps = 2,
}

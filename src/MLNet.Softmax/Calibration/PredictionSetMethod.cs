using MLNet.Softmax.Interop;

namespace Microsoft.ML;

/// <summary>Which classes a prediction set takes in.</summary>
public enum PredictionSetMethod
{
    /// <summary>
    /// Least ambiguous: every class whose probability reaches a threshold (M. Sadinle et al., 2019). The smallest sets on average; a row
    /// in which no class reaches it gets an empty one.
    /// </summary>
    Lac = 0,

    /// <summary>Adaptive: classes from the most probable on until enough probability is gathered (Y. Romano et al., 2020).</summary>
    Aps = 1,

    /// <summary>Adaptive with a penalty on every class beyond the first, which cuts the long tails of APS (A. Angelopoulos et al., 2021).</summary>
    Raps = 2,
}

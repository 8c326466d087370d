namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How the classes of a prediction set are chosen.</summary>
public enum ConformalMethod
{
    /// <summary>
    /// Least ambiguous: every class whose probability reaches a threshold (M. Sadinle et al., 2019). The smallest sets on average;
    /// a row in which no class reaches it gets an empty one.
    /// </summary>
    Lac,

    /// <summary>Adaptive: classes from the most probable on until enough probability is gathered (Y. Romano et al., 2020).</summary>
    Aps,

    /// <summary>
    /// Adaptive with a penalty on every class beyond the first few, which cuts the long tails of APS (A. Angelopoulos et al., 2021).
    /// </summary>
    Raps,
}

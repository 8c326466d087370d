namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What the scores of a row are, before they are calibrated.</summary>
public enum RowScores
{
    /// <summary>Raw scores of any scale: the input of a softmax.</summary>
    Logits,

    /// <summary>
    /// Probabilities, the output of a softmax. They are read as the logits <c>ln(max(p, 1.17549435e-38))</c>, so that a
    /// probability of exactly 0 stays finite.
    /// </summary>
    Probabilities,
}

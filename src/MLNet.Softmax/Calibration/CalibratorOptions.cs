using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Calibration;

/// <summary>The columns of a calibrator.</summary>
public abstract class CalibratorOptions
{
    private protected CalibratorOptions()
    {
    }

    /// <summary>The column of true classes: a key, text or a number.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of scores: a vector of <see cref="float"/> of known size, one value a class.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column to add: calibrated probabilities, of the shape of the scores.</summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>What the scores are.</summary>
    public ScoreKind ScoreKind { get; set; } = ScoreKind.Auto;

    internal void ValidateColumns()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ProbabilityColumnName);
        if (!Enum.IsDefined(ScoreKind))
            throw new ArgumentOutOfRangeException(nameof(ScoreKind), ScoreKind, "The score kind must be Auto, Logits or Probabilities.");
    }
}

using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Calibration;

/// <summary>The base of the calibrators that are a softmax of an affine map of the scores: fitted weights and intercepts.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
public abstract class AffineCalibratorTransformer : ScoreTransformer
{
    private protected AffineCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns.Output, columns.Input, columns.Kind) => Calibration = fit;

    /// <summary>The fitted weights and intercepts, and how the fit went. Saved with the model.</summary>
    public ScalingFit Calibration { get; }

    private protected sealed override string OutputValueKind => ScoreAnnotations.Probability;

    private protected sealed override int? FittedClassCount => Calibration.Intercepts.Length;

    /// <summary>Computes the probabilities of one row of logits.</summary>
    private protected abstract void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities);

    private protected sealed override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output)
    {
        for (var start = 0; start < logits.Length; start += classCount)
            ApplyToRow(logits.Slice(start, classCount), output.Slice(start, classCount));
    }

    private protected sealed override void Save(ModelWriter writer)
    {
        WriteColumns(writer);
        writer.Write(Calibration);
    }
}

using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Persistence;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax;

/// <summary>Adds calibrated probabilities: softmax(w * z + b), a factor and a summand for each class.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
[ModelFormat("Softmax.VectorScaling", "VECTCALI", 1)]
public sealed class VectorScalingCalibratorTransformer : ScoreTransformer, ILoadableTransformer<VectorScalingCalibratorTransformer>
{
    internal VectorScalingCalibratorTransformer(CalibratedColumns columns, VectorScalingFit fit)
        : base(columns.Output, columns.Input, columns.Kind) => Calibration = fit;

    /// <summary>The fitted weights and intercepts, and how the fit went. Saved with the model.</summary>
    public VectorScalingFit Calibration { get; }

    private protected override string OutputValueKind => ScoreAnnotations.Probability;

    private protected override int? FittedClassCount => Calibration.Intercepts.Length;

    static VectorScalingCalibratorTransformer ILoadableTransformer<VectorScalingCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        var (weights, intercepts) = reader.ReadAffine(classes => classes);
        return new(new CalibratedColumns(output, input, kind), new VectorScalingFit([.. weights], [.. intercepts], reader.ReadScalingFit()));
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output)
    {
        for (var start = 0; start < logits.Length; start += classCount)
        {
            VectorScaling.Apply(
                logits.Slice(start, classCount), Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), output.Slice(start, classCount));
        }
    }

    private protected override void Save(ModelWriter writer)
    {
        WriteColumns(writer);
        writer.Write(Calibration.Weights.AsSpan());
        writer.Write(Calibration.Intercepts.AsSpan());
        writer.Write(Calibration.Fit);
    }
}

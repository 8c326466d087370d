using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Persistence;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax;

/// <summary>Adds calibrated probabilities: softmax(W ln p + b), a full affine map of the log-probabilities.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
[ModelFormat("Softmax.Dirichlet", "DIRICALI", 1)]
public sealed class DirichletCalibratorTransformer : ScoreTransformer, ILoadableTransformer<DirichletCalibratorTransformer>
{
    internal DirichletCalibratorTransformer(CalibratedColumns columns, MatrixScalingFit fit)
        : base(columns.Output, columns.Input, columns.Kind) => Calibration = fit;

    /// <summary>The fitted weights and intercepts, and how the fit went. Saved with the model.</summary>
    public MatrixScalingFit Calibration { get; }

    private protected override string OutputValueKind => ScoreAnnotations.Probability;

    private protected override int? FittedClassCount => Calibration.Intercepts.Length;

    static DirichletCalibratorTransformer ILoadableTransformer<DirichletCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        var (weights, intercepts) = reader.ReadAffine(classes => classes * classes);
        return new(new CalibratedColumns(output, input, kind), new MatrixScalingFit([.. weights], [.. intercepts], reader.ReadScalingFit()));
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output)
    {
        for (var start = 0; start < logits.Length; start += classCount)
        {
            DirichletCalibration.Apply(
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

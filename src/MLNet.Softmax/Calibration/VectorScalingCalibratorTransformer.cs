using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: softmax(w * z + b), a factor and a summand for each class.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
[ModelFormat("Softmax.VectorScaling", "VECTCALI", 1)]
public sealed class VectorScalingCalibratorTransformer : AffineCalibratorTransformer, ILoadableTransformer<VectorScalingCalibratorTransformer>
{
    internal VectorScalingCalibratorTransformer(CalibratedColumns columns, VectorScalingFit fit)
        : base(columns) => Calibration = fit;

    /// <summary>The fitted weights and intercepts, and how the fit went. Saved with the model.</summary>
    public VectorScalingFit Calibration { get; }

    private protected override ReadOnlySpan<double> Weights => Calibration.Weights.AsSpan();

    private protected override ReadOnlySpan<double> Intercepts => Calibration.Intercepts.AsSpan();

    private protected override ScalingFit Outcome => Calibration.Fit;

    static VectorScalingCalibratorTransformer ILoadableTransformer<VectorScalingCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        var (weights, intercepts) = reader.ReadAffine(classes => classes);
        return new(new CalibratedColumns(output, input, kind), new VectorScalingFit([.. weights], [.. intercepts], reader.ReadScalingFit()));
    }

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        VectorScaling.Apply(logits, Weights, Intercepts, probabilities);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        var rows = OnnxAffineScores.Of(graph, this, inputSchema);
        var weights = graph.Constant([.. Weights], OutputColumnName, "Weights", 1, rows.ClassCount);
        rows.AddIntercepts(graph, graph.Compute("Mul", [rows.Logits, weights], OutputColumnName), [.. Intercepts]);
    }
}

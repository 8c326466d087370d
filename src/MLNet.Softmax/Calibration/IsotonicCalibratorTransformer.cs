using System.Collections.Immutable;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Persistence;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: each class's probability through its own monotone curve, then every row renormalised.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row gives a row of NaN. Where every curve gives 0, all classes get the same probability. Which class is
/// first may change.
/// </remarks>
[ModelFormat("Softmax.Isotonic", "ISOTCALI", 1)]
public sealed class IsotonicCalibratorTransformer : ScoreTransformer, ILoadableTransformer<IsotonicCalibratorTransformer>
{
    internal IsotonicCalibratorTransformer(CalibratedColumns columns, IsotonicFit fit)
        : base(columns.Output, columns.Input, columns.Kind) => Calibration = fit;

    internal static IsotonicCalibratorTransformer Fit(CalibrationRows rows, FitOptions options, CalibratedColumns columns, IChannel channel) =>
        new(columns, IsotonicCalibration.Fit(rows, options));

    /// <summary>The fitted curves, and how the fit went. Saved with the model.</summary>
    public IsotonicFit Calibration { get; }

    private protected override string OutputValueKind => ScoreAnnotations.Probability;

    private protected override int? FittedClassCount => Calibration.Curves.Length;

    static IsotonicCalibratorTransformer ILoadableTransformer<IsotonicCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        // A curve takes at least two counts and two numbers.
        var curves = new IsotonicCurve[reader.ReadCount(4 * sizeof(int))];
        reader.Check(curves.Length > 1, $"{curves.Length} curves");
        for (var k = 0; k < curves.Length; k++)
        {
            ImmutableArray<float> inputs = [.. reader.ReadSingles()], outputs = [.. reader.ReadSingles()];
            try
            {
                curves[k] = new IsotonicCurve(inputs, outputs);
            }
            catch (ArgumentException refusal)
            {
                throw reader.Damaged($"curve {k} with knots that make none ({refusal.Message})");
            }
        }

        var fit = new IsotonicFit([.. curves], reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadRowsLeftOut());
        return new(new CalibratedColumns(output, input, kind), fit);
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output)
    {
        Numerics.Softmax.Rows(logits, classCount, output);
        for (var start = 0; start < output.Length; start += classCount)
        {
            var row = output.Slice(start, classCount);
            IsotonicCalibration.Apply(row, Calibration.Curves.AsSpan(), row);
        }
    }

    private protected override void Save(ModelWriter writer)
    {
        WriteColumns(writer);
        writer.Write(Calibration.Curves.Length);
        foreach (var curve in Calibration.Curves)
        {
            writer.Write(curve.Inputs.AsSpan());
            writer.Write(curve.Outputs.AsSpan());
        }

        writer.Write(Calibration.LossBefore);
        writer.Write(Calibration.LossAfter);
        writer.Write(Calibration.RowsUsed);
        writer.Write(Calibration.RowsLeftOut);
    }
}

using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Tool.Onnx;

/// <summary>Writes a fitted calibration as ONNX operators in double precision, like the library's own computation.</summary>
internal static class CalibratorGraph
{
    /// <summary>The whole model: from logits, or from probabilities, to calibrated probabilities.</summary>
    public static byte[] Of(Calibrator calibrator, int classCount, bool areLogits)
    {
        var file = new OnnxFile(classCount);
        var scores = file.Cast(OnnxFile.Input, toDouble: true);
        var logits = areLogits ? scores : file.Compute("Log", [file.Compute("Max", [scores, file.Constant([Probabilities.Smallest])])]);
        return file.ToModel(file.Cast(calibrator.Export(file, logits), toDouble: false));
    }

    public static string Temperature(OnnxFile file, string logits, TemperatureFit fit) =>
        Softmax(file, file.Compute("Div", [logits, file.Constant([(float)fit.Temperature])]));

    /// <param name="file">The model.</param>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="fit">A factor for each class, or a matrix.</param>
    /// <param name="ofLogProbabilities">Whether the matrix is for the logarithms of the probabilities.</param>
    public static string Scaling(OnnxFile file, string logits, ScalingFit fit, bool ofLogProbabilities)
    {
        var count = file.ClassCount;
        var maximum = Maximum(file, logits);
        var isMask = file.Compute("Less", [logits, file.Compute("Sub", [maximum, file.Constant([fit.MaskDistance])])]);
        var masked = file.Compute("Add", [maximum, file.Constant([(double)Probabilities.SmallestLogit])]);
        var row = file.Compute("Where", [isMask, masked, logits]);
        if (ofLogProbabilities)
            row = file.Compute("LogSoftmax", [row], ("axis", -1L));
        var weights = fit.Weights.ToArray();
        var isMatrix = weights.Length > count;
        double[] Transposed() => [.. Enumerable.Range(0, count * count).Select(index => weights[index % count * count + index / count])];
        var weighted = isMatrix ? file.Compute("MatMul", [row, file.Constant(Transposed(), count, count)])
            : file.Compute("Mul", [row, file.Constant(weights, 1, count)]);
        return Softmax(file, file.Compute("Add", [weighted, file.Constant([.. fit.Intercepts], 1, count)]));
    }

    /// <summary>
    /// A curve is its first value plus, for each segment, its rise times the share of the segment that is below the input.
    /// </summary>
    public static string Isotonic(OnnxFile file, string logits, IsotonicFit fit)
    {
        var (count, segments) = (file.ClassCount, Math.Max(1, fit.Curves.Max(curve => curve.Inputs.Length - 1)));
        double[] Of(double rest, Func<IsotonicCurve, int, double> value) =>
        [
            .. fit.Curves.SelectMany(curve => Enumerable.Range(0, segments)
                .Select(segment => segment < curve.Inputs.Length - 1 ? value(curve, segment) : rest)),
        ];
        var p = file.Compute("Unsqueeze", [Softmax(file, logits), file.Constant(2)]);
        var fromStart = file.Compute("Sub", [p, file.Constant(Of(0, (curve, i) => curve.Inputs[i]), 1, count, segments)]);
        // The unused segments of a shorter curve have a width, so that nothing is divided by 0, and no rise.
        var share = file.Compute("Div",
            [fromStart, file.Constant(Of(1, (curve, i) => (double)curve.Inputs[i + 1] - curve.Inputs[i]), 1, count, segments)]);
        var within = file.Compute("Clip", [share, file.Constant([0.0]), file.Constant([1.0])]);
        var rises = file.Compute("Mul",
            [within, file.Constant(Of(0, (curve, i) => (double)curve.Outputs[i + 1] - curve.Outputs[i]), 1, count, segments)]);
        var risen = file.Compute("ReduceSum", [rises, file.Constant(2)], ("keepdims", 0L));
        var values = file.Compute("Add", [risen, file.Constant([.. fit.Curves.Select(curve => (double)curve.Outputs[0])], 1, count)]);
        var sum = file.Compute("ReduceSum", [values, file.Constant(1)], ("keepdims", 1L));
        var isZero = file.Compute("Equal", [sum, file.Constant([0.0])]);
        return file.Compute("Where", [isZero, file.Constant([1.0 / count]), file.Compute("Div", [values, sum])]);
    }

    private static string Softmax(OnnxFile file, string logits) => file.Compute("Softmax", [logits], ("axis", -1L));

    private static string Maximum(OnnxFile file, string rows) => file.Compute("ReduceMax", [rows], ("axes", (long[])[1]), ("keepdims", 1L));
}

using MLNet.Softmax.Calibration;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Onnx;

/// <summary>
/// Isotonic calibration in ONNX. A curve through knots is its first value plus, for each segment between two knots, the rise of the segment
/// times the share of it that lies below the probability. A row takes classes * segments intermediate values. Where a curve is steep, it
/// magnifies the last digit in which two engines' softmax differ.
/// </summary>
internal static class IsotonicCalibratorExport
{
    /// <summary>The first set of operators in which Equal compares numbers in double precision.</summary>
    private const int OperatorSet = 11;

    public static void Add(OnnxGraph graph, IsotonicCalibratorTransformer transformer, DataViewSchema inputSchema)
    {
        graph.RequireOperatorSet(OperatorSet, nameof(IsotonicCalibratorTransformer));
        var prefix = transformer.OutputColumnName;
        var input = ScoreInput.Of(graph, transformer, inputSchema);
        var probabilities = graph.Compute("Softmax", [input.ToRows(graph, input.Logits, prefix)], prefix, ("axis", 1L));
        var values = Evaluate(graph, transformer.Calibration.Curves.AsSpan(), graph.Compute("Cast", [probabilities], prefix, ("to", typeof(double))), prefix);

        var sum = graph.Sum(values, 1, keep: true, prefix);
        var isZero = graph.Compute("Equal", [sum, graph.Constant([0.0], prefix, "Zero", 1)], prefix);
        var even = graph.Constant([1.0 / input.ClassCount], prefix, "Even", 1);
        var normalised = graph.Compute("Where", [isZero, even, graph.Compute("Div", [values, sum], prefix)], prefix);
        input.AddRowsAsColumn(graph, prefix, "Cast", [normalised], ("to", typeof(float)));
    }

    /// <summary>The values of the curves at the probabilities, [rows, classes], in double precision.</summary>
    private static string Evaluate(OnnxGraph graph, ReadOnlySpan<IsotonicCurve> curves, string probabilities, string prefix)
    {
        var segments = 1;
        foreach (var curve in curves) segments = Math.Max(segments, curve.Inputs.Length - 1);
        var (first, starts, widths, rises) = (new double[curves.Length], new double[curves.Length * segments], new double[curves.Length * segments], new double[curves.Length * segments]);
        // What is left over of a shorter curve has a width, so that nothing is divided by 0, and no rise.
        Array.Fill(widths, 1);
        for (var k = 0; k < curves.Length; k++)
        {
            var (inputs, outputs) = (curves[k].Inputs, curves[k].Outputs);
            first[k] = outputs[0];
            for (var segment = 0; segment < inputs.Length - 1; segment++)
            {
                var at = k * segments + segment;
                starts[at] = inputs[segment];
                widths[at] = (double)inputs[segment + 1] - inputs[segment];
                rises[at] = (double)outputs[segment + 1] - outputs[segment];
            }
        }

        var column = graph.Compute("Reshape", [probabilities, graph.Constant([-1, curves.Length, 1], prefix, "ColumnShape", 3)], prefix);
        var distance = graph.Compute("Sub", [column, Segments(starts, "Starts")], prefix);
        var share = graph.Compute("Div", [distance, Segments(widths, "Widths")], prefix);
        var notBelow = graph.Compute("Max", [share, graph.Constant([0.0], prefix, "Below", 1)], prefix);
        var within = graph.Compute("Min", [notBelow, graph.Constant([1.0], prefix, "Above", 1)], prefix);
        var risen = graph.Sum(graph.Compute("Mul", [within, Segments(rises, "Rises")], prefix), 2, keep: false, prefix);
        return graph.Compute("Add", [risen, graph.Constant(first, prefix, "First", 1, first.Length)], prefix);

        string Segments(double[] perSegment, string name) => graph.Constant(perSegment, prefix, name, 1, first.Length, segments);
    }
}

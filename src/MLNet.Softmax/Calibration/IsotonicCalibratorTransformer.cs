namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: a monotone curve maps each class's probability, then each row is renormalised.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row gives a row of NaN. If every curve gives 0, all classes get the same probability. The most probable
/// class may change.
/// </remarks>
[ModelFormat("Softmax.Isotonic", "ISOTCALI", 1)]
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed class IsotonicCalibratorTransformer : ScoreTransformer, ILoadableTransformer<IsotonicCalibratorTransformer>, IFitted
{
    /// <summary>The first set of ONNX operators in which Equal compares numbers in double precision.</summary>
    private const int FirstOperatorSetWithEqualDoubles = 11;

    internal IsotonicCalibratorTransformer(CalibratedColumns columns, IsotonicFit fit)
        : base(columns.Output, columns.Input, columns.Kind) => Calibration = fit;

    internal static IsotonicCalibratorTransformer Fit(
        CalibrationRows rows, FitOptions options, CalibratedColumns columns, IChannel channel) =>
        new(columns, IsotonicCalibration.Fit(rows, options));

    /// <summary>The fitted curves, and how the fit went. Saved with the model.</summary>
    public IsotonicFit Calibration { get; }

    object? IFitted.Fit => Calibration;

    private protected override string OutputValueKind => ScoreAnnotations.Probability;

    private protected override int? FittedClassCount => Calibration.Curves.Length;

    static IsotonicCalibratorTransformer ILoadableTransformer<IsotonicCalibratorTransformer>.Load(ModelReader reader)
    {
        var columns = ReadColumns(reader);
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
        return new(columns, fit);
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

    private protected override void SaveFitted(ModelWriter writer)
    {
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

    /// <summary>
    /// A curve through knots is its first value plus, for each segment between two knots, the rise of the segment times the share of the
    /// segment below the probability. A row takes classes * segments intermediate values. A steep curve magnifies the rounding differences
    /// between the softmax of two engines.
    /// </summary>
    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        graph.RequireOperatorSet(FirstOperatorSetWithEqualDoubles, nameof(IsotonicCalibratorTransformer));
        var prefix = OutputColumnName;
        var input = OnnxScores.Of(graph, this, inputSchema);
        var probabilities = graph.Compute("Softmax", [input.ToRows(graph, input.Logits, prefix)], prefix, ("axis", 1L));
        var values = Evaluate(
            graph, Calibration.Curves.AsSpan(), graph.Compute("Cast", [probabilities], prefix, ("to", typeof(double))), prefix);

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
        var first = new double[curves.Length];
        var starts = new double[curves.Length * segments];
        var (widths, rises) = (new double[starts.Length], new double[starts.Length]);
        // Pad shorter curves with segments of width 1, so that nothing is divided by 0, and of rise 0.
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

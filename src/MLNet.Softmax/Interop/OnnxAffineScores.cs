namespace MLNet.Softmax.Interop;

/// <summary>
/// The logits of a calibrator that maps them by weights and intercepts, as rows of classes in double precision, as it computes them itself.
/// </summary>
internal sealed class OnnxAffineScores
{
    private readonly OnnxScores _input;
    private readonly string _prefix;

    private OnnxAffineScores(OnnxScores input, string prefix, string logits) => (_input, _prefix, Logits) = (input, prefix, logits);

    /// <summary>The variable of the shape [rows, classes], in double precision.</summary>
    public string Logits { get; }

    public int ClassCount => _input.ClassCount;

    /// <summary>
    /// The logits. Those more than <paramref name="maskDistance"/> below the row's maximum are replaced by the value of a mask.
    /// </summary>
    public static OnnxAffineScores Of(OnnxGraph graph, ScoreTransformer transformer, DataViewSchema inputSchema, float maskDistance)
    {
        var prefix = transformer.OutputColumnName;
        var input = OnnxScores.Of(graph, transformer, inputSchema);
        var logits = graph.Compute("Cast", [input.ToRows(graph, input.Logits, prefix)], prefix, ("to", typeof(double)));
        var maximum = graph.Maximum(logits, 1, prefix);
        var abyss = graph.Compute("Add", [maximum, graph.Constant([(double)Probabilities.SmallestLogit], prefix, "Abyss", 1)], prefix);
        var lowest = graph.Compute("Add", [maximum, graph.Constant([-(double)maskDistance], prefix, "MaskDistance", 1)], prefix);
        var isMask = graph.Compute("Less", [logits, lowest], prefix);
        return new(input, prefix, graph.Compute("Where", [isMask, abyss, logits], prefix));
    }

    /// <summary>Multiplies each row by a square matrix, given row after row.</summary>
    public string Multiply(OnnxGraph graph, string rows, double[] matrix)
    {
        var transposed = new double[matrix.Length];
        for (var row = 0; row < ClassCount; row++)
            for (var column = 0; column < ClassCount; column++)
                transposed[column * ClassCount + row] = matrix[row * ClassCount + column];
        return graph.Compute("MatMul", [rows, graph.Constant(transposed, _prefix, "Weights", ClassCount, ClassCount)], _prefix);
    }

    /// <summary>Adds the intercepts, and the softmax of the sum as the output column, in the shape of the input.</summary>
    public void AddIntercepts(OnnxGraph graph, string weighted, double[] intercepts)
    {
        var sum = graph.Compute("Add", [weighted, graph.Constant(intercepts, _prefix, "Intercepts", 1, ClassCount)], _prefix);
        var maximum = graph.Maximum(sum, 1, _prefix);
        // Below the maximum, single precision has all the digits that the softmax needs.
        var shifted = graph.Compute("Cast", [graph.Compute("Sub", [sum, maximum], _prefix)], _prefix, ("to", typeof(float)));
        _input.AddRowsAsColumn(graph, _prefix, "Softmax", [shifted], ("axis", 1L));
    }
}

namespace MLNet.Softmax.Interop;

/// <summary>The input of a transformer of class scores, in the graph: its logits, and the axis of its classes.</summary>
/// <param name="Logits">The variable that holds the logits.</param>
/// <param name="Axis">The dimension of the tensor along which the classes lie; the batch is dimension 0.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="Type">The type of the column, which is the output's too.</param>
internal sealed record OnnxScores(string Logits, long Axis, int ClassCount, VectorDataViewType Type)
{
    /// <summary>Finds the scores that <paramref name="transformer"/> reads and turns probabilities into logits.</summary>
    /// <exception cref="InvalidOperationException">The number of classes is unknown.</exception>
    public static OnnxScores Of(OnnxGraph graph, ScoreTransformer transformer, DataViewSchema inputSchema)
    {
        var column = inputSchema.RequireScores(transformer.InputColumnName);
        var type = (VectorDataViewType)column.Type;
        if (!type.IsKnownSize)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' is {type}, a vector of unknown size, but the number of classes must be known to export "
                + $"{transformer.GetType().Name} to ONNX. Give the column a fixed size, e.g. with [VectorType(10)] or a schema "
                + "definition.");
        }

        var axis = ClassAxis.Of(type);
        var scores = graph.VariableOf(column.Name);
        var logits = transformer.ScoreKind == ScoreKind.Probabilities ? ToLogits(graph, scores, transformer.OutputColumnName) : scores;
        // In ML.NET, a vector of one value always has the shape [batch, 1].
        return new(logits, type.Size == 1 ? 1 : axis.Axis + 1, axis.ClassCount(type.Size), type);
    }

    /// <summary>Adds softmax or log-softmax of the logits over the temperature as the column <paramref name="columnName"/>.</summary>
    public void AddAtTemperature(OnnxGraph graph, string operatorName, float temperature, string columnName)
    {
        var logits = Logits;
        if (temperature != 1)
        {
            // The maximum is subtracted first: large logits over a small temperature would lose the digits in which they differ.
            var shifted = graph.Compute("Sub", [Logits, graph.Maximum(Logits, Axis, columnName)], columnName);
            logits = graph.Compute("Div", [shifted, graph.Constant(temperature, columnName, "Temperature")], columnName);
        }

        graph.Add(operatorName, [logits], [graph.AddColumn(columnName, Type)], ("axis", Axis));
    }

    /// <summary>Reshapes a tensor from the shape of the scores to [rows, classes].</summary>
    public string ToRows(OnnxGraph graph, string scores, string prefix) => Type.Dimensions.Length == 1
        ? scores
        : graph.Compute("Reshape", [scores, graph.Constant([-1, ClassCount], prefix, "RowShape", 2)], prefix);

    /// <summary>
    /// Adds an operator that gives [rows, classes], and its result, in the shape of the scores, as the column
    /// <paramref name="columnName"/>.
    /// </summary>
    public void AddRowsAsColumn(
        OnnxGraph graph, string columnName, string operatorName, string[] inputs, params (string Name, object Value)[] attributes)
    {
        if (Type.Dimensions.Length == 1)
        {
            graph.Add(operatorName, inputs, [graph.AddColumn(columnName, Type)], attributes);
            return;
        }

        var rows = graph.Compute(operatorName, inputs, columnName, attributes);
        long[] shape = [-1, .. Type.Size == 1 ? [1L] : Type.Dimensions.Select(length => (long)length)];
        var reshape = graph.Constant(shape, columnName, "Shape", shape.Length);
        graph.Add("Reshape", [rows, reshape], [graph.AddColumn(columnName, Type)]);
    }

    private static string ToLogits(OnnxGraph graph, string probabilities, string prefix)
    {
        var floored = graph.Compute("Max", [probabilities, graph.Constant(Probabilities.Smallest, prefix, "SmallestProbability")], prefix);
        return graph.Compute("Log", [floored], prefix);
    }
}

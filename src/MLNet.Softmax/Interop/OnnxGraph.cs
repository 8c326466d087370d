using Microsoft.ML.Model.OnnxConverter;

namespace MLNet.Softmax.Interop;

/// <summary>The graph that ML.NET's ConvertToOnnx is writing.</summary>
/// <param name="context">ML.NET's own view of the graph.</param>
internal sealed class OnnxGraph(OnnxContext context)
{
    /// <summary>ONNX's own operators.</summary>
    private const string StandardDomain = "";

    /// <summary>ONNX's operators for classical machine learning, among them LabelEncoder.</summary>
    private const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>The variable that holds the column <paramref name="columnName"/> at this point of the pipeline.</summary>
    /// <exception cref="InvalidOperationException">There is none, because a step before this one was not exported.</exception>
    public string VariableOf(string columnName) => context.ContainsColumn(columnName)
        ? context.GetVariableName(columnName)
        : throw new InvalidOperationException(
            $"Column '{columnName}' is not in the ONNX graph, because the step that makes it cannot be exported. Export the steps "
            + "after it alone: "
            + $"pass ConvertToOnnx a model of those steps, and data that begins at column '{columnName}' (LoadFromEnumerable of a "
            + "class with "
            + "that column, or mlContext.Data.Cache of the data so far).");

    /// <summary>Creates the variable that represents the column <paramref name="columnName"/> from now on.</summary>
    public string AddColumn(string columnName, DataViewType type) => context.AddIntermediateVariable(type, columnName);

    /// <summary>Adds an operator with one output that is not a column.</summary>
    /// <param name="operatorName">The name of the operator.</param>
    /// <param name="inputs">The variables that it reads.</param>
    /// <param name="prefix">What the name of the result begins with: a column's name, so that no other column can have it.</param>
    /// <param name="attributes">The operator's attributes: a whole number, an array of whole numbers or of texts, or a type.</param>
    /// <returns>The variable that holds the result.</returns>
    public string Compute(string operatorName, string[] inputs, string prefix, params (string Name, object Value)[] attributes)
    {
        var result = AddUnused(prefix, operatorName);
        Add(operatorName, inputs, [result], attributes);
        return result;
    }

    /// <summary>Adds the maximum along one dimension, which is kept.</summary>
    public string Maximum(string variable, long axis, string prefix) => Reduce("ReduceMax", variable, axis, keep: true, prefix);

    /// <summary>Adds the sum along one dimension, which is kept or not.</summary>
    public string Sum(string variable, long axis, bool keep, string prefix) => Reduce("ReduceSum", variable, axis, keep, prefix);

    /// <summary>Adds an operator that writes <paramref name="outputs"/>.</summary>
    public void Add(string operatorName, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var domain = operatorName == "LabelEncoder" ? MachineLearningDomain : StandardDomain;
        var node = context.CreateNode(operatorName, inputs, outputs, context.GetNodeName(operatorName), domain);
        foreach (var (name, value) in attributes) AddAttribute(node, name, value);
    }

    /// <summary>A variable for an output of an operator that nothing reads.</summary>
    public string AddUnused(string prefix, string name) => context.AddIntermediateVariable(null, $"{prefix}.{name}", true);

    /// <summary>Adds a number.</summary>
    public string Constant(float value, string prefix, string name) => context.AddInitializer(value, $"{prefix}.{name}");

    /// <summary>Adds a tensor of the shape <paramref name="dimensions"/>, row by row.</summary>
    public string Constant(float[] values, string prefix, string name, params long[] dimensions) =>
        context.AddInitializer(values, dimensions, $"{prefix}.{name}");

    public string Constant(double[] values, string prefix, string name, params long[] dimensions) =>
        context.AddInitializer(values, dimensions, $"{prefix}.{name}");

    public string Constant(long[] values, string prefix, string name, params long[] dimensions) =>
        context.AddInitializer(values, dimensions, $"{prefix}.{name}");

    /// <summary>Throws ML.NET's own exception if the caller asked for operators older than <paramref name="version"/>.</summary>
    public void RequireOperatorSet(int version, string step) => context.CheckOpSetVersion(version, step);

    private string Reduce(string operatorName, string variable, long axis, bool keep, string prefix) =>
        Compute(operatorName, [variable], prefix, ("axes", new[] { axis }), ("keepdims", keep ? 1L : 0L));

    private static void AddAttribute(OnnxNode node, string name, object value)
    {
        switch (value)
        {
            case long number:
                node.AddAttribute(name, number);
                break;
            case long[] numbers:
                node.AddAttribute(name, numbers);
                break;
            case string[] texts:
                node.AddAttribute(name, texts);
                break;
            default:
                node.AddAttribute(name, (Type)value);
                break;
        }
    }
}

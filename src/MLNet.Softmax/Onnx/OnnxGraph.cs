using System.Reflection;
using Microsoft.ML.Data;
using MLNet.Softmax.Persistence;

namespace MLNet.Softmax.Onnx;

/// <summary>
/// The graph that ML.NET's ConvertToOnnx is writing. Leans on the internal <c>Microsoft.ML.Model.OnnxConverter.OnnxContext</c>
/// (<c>ContainsColumn</c>, <c>GetVariableName</c>, <c>AddIntermediateVariable</c>, <c>AddInitializer</c>, <c>CreateNode</c>,
/// <c>GetNodeName</c>, <c>CheckOpSetVersion</c>) and <c>OnnxNode.AddAttribute</c>.
/// </summary>
/// <param name="context">The OnnxContext.</param>
internal sealed class OnnxGraph(object context)
{
    /// <summary>ONNX's own operators.</summary>
    private const string StandardDomain = "";

    /// <summary>ONNX's operators for classical machine learning, among them LabelEncoder.</summary>
    private const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>The variable that holds the column <paramref name="columnName"/> at this point of the pipeline.</summary>
    /// <exception cref="InvalidOperationException">There is none, because a step before this one was not exported.</exception>
    public string VariableOf(string columnName) => (bool)Call(context, "ContainsColumn", columnName)!
        ? (string)Call(context, "GetVariableName", columnName)!
        : throw new InvalidOperationException($"Column '{columnName}' is not in the ONNX graph, because the step that makes it cannot be exported. Export the model without it, or replace that step.");

    /// <summary>Makes the variable of the column <paramref name="columnName"/>, which from now on stands for it.</summary>
    public string AddColumn(string columnName, DataViewType type) => (string)Call(context, "AddIntermediateVariable", type, columnName, false)!;

    /// <summary>Adds an operator with one output, which no column stands for.</summary>
    /// <param name="operatorName">The name of the operator.</param>
    /// <param name="inputs">The variables that it reads.</param>
    /// <param name="prefix">What the name of the result begins with: a column's name, so that no other column can have it.</param>
    /// <param name="attributes">The operator's attributes: text, whole numbers, <see cref="float"/>, lists of these, or a type.</param>
    /// <returns>The variable that holds the result.</returns>
    public string Compute(string operatorName, string[] inputs, string prefix, params (string Name, object Value)[] attributes)
    {
        var result = (string)Call(context, "AddIntermediateVariable", null, $"{prefix}.{operatorName}", true)!;
        Add(operatorName, inputs, [result], attributes);
        return result;
    }

    /// <summary>Adds the maximum along one dimension, which is kept.</summary>
    public string Maximum(string variable, long axis, string prefix)
    {
        long[] axes = [axis];
        return Compute("ReduceMax", [variable], prefix, ("axes", axes), ("keepdims", 1L));
    }

    /// <summary>Adds the sum along one dimension, which is kept or not.</summary>
    public string Sum(string variable, long axis, bool keep, string prefix)
    {
        long[] axes = [axis];
        return Compute("ReduceSum", [variable], prefix, ("axes", axes), ("keepdims", keep ? 1L : 0L));
    }

    /// <summary>Adds an operator that writes <paramref name="outputs"/>.</summary>
    public void Add(string operatorName, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var domain = operatorName == "LabelEncoder" ? MachineLearningDomain : StandardDomain;
        var name = (string)Call(context, "GetNodeName", operatorName)!;
        var node = Call(context, "CreateNode", operatorName, (IEnumerable<string>)inputs, (IEnumerable<string>)outputs, name, domain)!;
        foreach (var (attribute, value) in attributes) Call(node, "AddAttribute", attribute, value);
    }

    /// <summary>A variable for an output of an operator that nothing reads.</summary>
    public string AddUnused(string prefix, string name) => (string)Call(context, "AddIntermediateVariable", null, $"{prefix}.{name}", true)!;

    /// <summary>Adds a number.</summary>
    public string Constant(float value, string prefix, string name) => (string)Call(context, "AddInitializer", value, $"{prefix}.{name}", true)!;

    /// <summary>Adds a tensor of the shape <paramref name="dimensions"/>, row by row.</summary>
    public string Constant(float[] values, string prefix, string name, params long[] dimensions) =>
        (string)Call(context, "AddInitializer", (IEnumerable<float>)values, (IEnumerable<long>)dimensions, $"{prefix}.{name}", true)!;

    /// <summary>Adds a tensor of the shape <paramref name="dimensions"/>, row by row.</summary>
    public string Constant(double[] values, string prefix, string name, params long[] dimensions) =>
        (string)Call(context, "AddInitializer", (IEnumerable<double>)values, (IEnumerable<long>)dimensions, $"{prefix}.{name}", true)!;

    /// <summary>Adds a tensor of the shape <paramref name="dimensions"/>, row by row.</summary>
    public string Constant(long[] values, string prefix, string name, params long[] dimensions) =>
        (string)Call(context, "AddInitializer", (IEnumerable<long>)values, (IEnumerable<long>)dimensions, $"{prefix}.{name}", true)!;

    /// <summary>Ends in ML.NET's own error when the caller asked for operators older than <paramref name="version"/>.</summary>
    public void RequireOperatorSet(int version, string step) => Call(context, "CheckOpSetVersion", version, step);

    private static object? Call(object target, string name, params object?[] arguments)
    {
        foreach (var method in target.GetType().GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (method.Name == name && Fits(method.GetParameters(), arguments))
                return method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }

        throw MissingMember.Of(target.GetType(), $"{name}({string.Join(", ", arguments.Select(argument => argument?.GetType().Name ?? "null"))})", "to export a model to ONNX");
    }

    private static bool Fits(ParameterInfo[] parameters, object?[] arguments) => parameters.Length == arguments.Length
        && parameters.Zip(arguments).All(pair => pair.Second is null ? !pair.First.ParameterType.IsValueType : pair.First.ParameterType.IsInstanceOfType(pair.Second));
}

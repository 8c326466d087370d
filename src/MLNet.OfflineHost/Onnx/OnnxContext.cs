using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter.Proto;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>The graph under construction: its nodes and variables, and which variable holds which column at present.</summary>
internal sealed partial class OnnxContext
{
    private const int CurrentOpSetVersion = 12;
    private const int MinimumOpSetVersion = 9;
    private readonly int _opSetVersion;
    private readonly GraphProto _graph = new() { Name = "model" };
    private readonly Dictionary<string, string> _variableOfColumn = [];
    private readonly HashSet<string> _variables = [];
    private readonly HashSet<string> _nodeNames = [];

    public OnnxContext(int opSetVersion = CurrentOpSetVersion)
    {
        if (opSetVersion > CurrentOpSetVersion)
        {
            throw new ArgumentOutOfRangeException(nameof(opSetVersion),
                $"Requested OpSet version {opSetVersion} is higher than the current most updated OpSet version {CurrentOpSetVersion}");
        }

        if (opSetVersion < MinimumOpSetVersion)
        {
            throw new ArgumentOutOfRangeException(nameof(opSetVersion),
                $"Requested OpSet version {opSetVersion} is lower than the minimum required OpSet version {MinimumOpSetVersion}");
        }

        _opSetVersion = opSetVersion;
    }

    public string GetNodeName(string prefix) => Unique(prefix, _nodeNames);

    public bool IsVariableDefined(string variableName) => _variables.Contains(variableName);

    public bool ContainsColumn(string colName) => _variableOfColumn.ContainsKey(colName);

    public string GetVariableName(string colName) => _variableOfColumn[colName];

    public void CheckOpSetVersion(int thisTransformerMinumumOpSetVersion, string registerTransformerName)
    {
        if (_opSetVersion < thisTransformerMinumumOpSetVersion)
        {
            throw new ArgumentOutOfRangeException(nameof(thisTransformerMinumumOpSetVersion), $"Requested OpSet version {_opSetVersion} is " +
                $"lower than {registerTransformerName}'s minimum OpSet version requirement: {thisTransformerMinumumOpSetVersion}");
        }
    }

    public void RemoveColumn(string colName, bool removeVariable = false)
    {
        if (removeVariable && _graph.ValueInfo.FirstOrDefault(value => value.Name == _variableOfColumn[colName]) is { } variable)
            _graph.ValueInfo.Remove(variable);
        _variableOfColumn.Remove(colName);
    }

    /// <summary>A variable for the column from here on, and its name, which differs from the column's where that is taken.</summary>
    public string AddIntermediateVariable(DataViewType type, string colName, bool skip = false)
    {
        var variable = AddVariable(colName);
        if (!skip)
            _graph.ValueInfo.Add(OnnxTypes.Describe(variable, type));
        return variable;
    }

    public void AddInputVariable(DataViewType type, string colName) => _graph.Input.Add(OnnxTypes.Describe(AddVariable(colName), type));

    public void AddOutputVariable(DataViewType type, string variableName) => _graph.Output.Add(OnnxTypes.Describe(variableName, type));

    /// <param name="opType">The operator.</param>
    /// <param name="inputs">The variables it reads.</param>
    /// <param name="outputs">The variables it writes.</param>
    /// <param name="name">The node's own name.</param>
    /// <param name="domain">The operator's domain: "" for ONNX's own, null for its machine learning operators.</param>
    public OnnxNode CreateNode(string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string domain = null)
    {
        _nodeNames.Add(name);
        var node = new NodeProto { OpType = opType, Name = name, Domain = domain ?? "ai.onnx.ml" };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        _graph.Node.Add(node);
        return new OnnxNode(node);
    }

    public OnnxNode CreateNode(string opType, string input, string output, string name, string domain = null) =>
        CreateNode(opType, [input], [output], name, domain);

    public List<long> RetrieveShapeOrNull(string variableName) => _graph.Input.Concat(_graph.ValueInfo).Concat(_graph.Output)
        .FirstOrDefault(value => value.Name == variableName)?.Type.TensorType.Shape.Dim.Select(dimension => dimension.DimValue).ToList();

    public ModelProto MakeModel()
    {
        var model = new ModelProto
        {
            IrVersion = 6,
            ProducerName = "ML.NET",
            ProducerVersion = "0",
            Domain = "machinelearning.dotnet",
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = _opSetVersion });
        return model;
    }

    private static string Unique(string prefix, HashSet<string> taken)
    {
        if (!taken.Contains(prefix))
            return prefix;
        int number = 0;
        while (taken.Contains(prefix + number))
            number++;
        return prefix + number;
    }

    private string AddVariable(string colName, bool makeUniqueName = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(colName);
        var variable = makeUniqueName ? Unique(colName, _variables) : colName;
        _variableOfColumn[colName] = variable;
        _variables.Add(variable);
        return variable;
    }
}

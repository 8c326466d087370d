using Google.Protobuf;
using Microsoft.ML.Model.OnnxConverter.Proto;
using AttributeType = Microsoft.ML.Model.OnnxConverter.Proto.AttributeProto.Types.AttributeType;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>A node of the graph, to which attributes can be added.</summary>
internal sealed class OnnxNode(NodeProto node)
{
    public void AddAttribute(string argName, double value) => Add(argName, AttributeType.Float).F = (float)value;

    public void AddAttribute(string argName, long value) => Add(argName, AttributeType.Int).I = value;

    public void AddAttribute(string argName, bool value) => AddAttribute(argName, value ? 1L : 0L);

    public void AddAttribute(string argName, string value) => Add(argName, AttributeType.String).S = ByteString.CopyFromUtf8(value);

    public void AddAttribute(string argName, IEnumerable<float> value) => Add(argName, AttributeType.Floats).Floats.Add(value);

    public void AddAttribute(string argName, IEnumerable<long> value) => Add(argName, AttributeType.Ints).Ints.Add(value);

    public void AddAttribute(string argName, IEnumerable<string> value) =>
        Add(argName, AttributeType.Strings).Strings.Add(value.Select(ByteString.CopyFromUtf8));

    /// <summary>An element type, as the operator Cast wants it.</summary>
    public void AddAttribute(string argName, Type value) => AddAttribute(argName, (long)OnnxTypes.ElementType(value));

    private AttributeProto Add(string name, AttributeType type)
    {
        var attribute = new AttributeProto { Name = name, Type = type };
        node.Attribute.Add(attribute);
        return attribute;
    }
}

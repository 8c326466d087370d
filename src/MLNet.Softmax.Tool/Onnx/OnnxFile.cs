using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace MLNet.Softmax.Tool.Onnx;

/// <summary>
/// Writes an ONNX model with one input and one output, both [rows, classes] in single precision, and the operators and constants between
/// them. The format is the protocol buffers of onnx.proto3; the constants here are its field numbers.
/// </summary>
internal sealed class OnnxFile(int classCount)
{
    public const string Input = "scores";
    private const string Output = "probabilities";
    private const long FormatVersion = 8;
    private const long OperatorSet = 13;
    private readonly ProtoMessage _graph = new();
    private int _count;

    public int ClassCount { get; } = classCount;

    /// <summary>Adds an operator and returns the name of its result. Attributes are of type long, or arrays of long.</summary>
    public string Compute(string operation, string[] inputs, params (string Name, object Value)[] attributes) =>
        Add(operation, inputs, $"{operation}{_count++}", attributes);

    /// <summary>Adds numbers in double precision and returns their name; a single number has no dimensions.</summary>
    public string Constant(double[] values, params long[] dimensions) =>
        AddConstant(dimensions, OnnxType.Double, MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>Adds whole numbers, such as axes, and returns their name.</summary>
    public string Constant(params long[] values) => AddConstant([values.Length], OnnxType.Int64, MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>Converts to double or single precision.</summary>
    public string Cast(string value, bool toDouble) =>
        Compute("Cast", [value], ("to", (long)(toDouble ? OnnxType.Double : OnnxType.Single)));

    /// <summary>Makes the result the output, and returns the whole model.</summary>
    public byte[] ToModel(string result)
    {
        Add("Identity", [result], Output, []);
        _graph.Add(2, "calibrator").Add(11, Value(Input)).Add(12, Value(Output));
        return new ProtoMessage().Add(1, FormatVersion).Add(2, "MLNet.Softmax").Add(7, _graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, OperatorSet)).ToArray();
    }

    private string Add(string operation, string[] inputs, string output, (string Name, object Value)[] attributes)
    {
        const long IsInteger = 2, AreIntegers = 7;
        var node = new ProtoMessage();
        foreach (var input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, operation);
        foreach (var (name, value) in attributes)
        {
            var attribute = new ProtoMessage().Add(1, name);
            node.Add(5, value is long[] many ? many.Aggregate(attribute, (message, one) => message.Add(8, one)).Add(20, AreIntegers)
                : attribute.Add(3, (long)value).Add(20, IsInteger));
        }

        _graph.Add(1, node);
        return output;
    }

    private string AddConstant(long[] dimensions, OnnxType type, ReadOnlySpan<byte> values)
    {
        var name = $"Constant{_count++}";
        var tensor = new ProtoMessage();
        foreach (var dimension in dimensions)
            tensor.Add(1, dimension);
        _graph.Add(5, tensor.Add(2, (long)type).Add(8, name).Add(9, values));
        return name;
    }

    private ProtoMessage Value(string name)
    {
        var shape = new ProtoMessage().Add(1, new ProtoMessage().Add(2, "rows")).Add(1, new ProtoMessage().Add(1, (long)ClassCount));
        var tensor = new ProtoMessage().Add(1, (long)OnnxType.Single).Add(2, shape);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }

    private enum OnnxType : long
    {
        Single = 1,
        Int64 = 7,
        Double = 11,
    }

    /// <summary>A message of protocol buffers, field after field.</summary>
    private sealed class ProtoMessage
    {
        private const uint Number = 0, Bytes = 2;
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public ProtoMessage Add(uint field, long value)
        {
            AddVariable((field << 3) | Number);
            AddVariable((ulong)value);
            return this;
        }

        public ProtoMessage Add(uint field, ReadOnlySpan<byte> value)
        {
            AddVariable((field << 3) | Bytes);
            AddVariable((ulong)value.Length);
            _bytes.Write(value);
            return this;
        }

        public ProtoMessage Add(uint field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

        public ProtoMessage Add(uint field, ProtoMessage value) => Add(field, value.ToArray());

        public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

        /// <summary>Seven bits per byte, the lowest first; the eighth bit says that more bytes follow.</summary>
        private void AddVariable(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                _bytes.Write([(byte)(value | 0x80)]);
            _bytes.Write([(byte)value]);
        }
    }
}

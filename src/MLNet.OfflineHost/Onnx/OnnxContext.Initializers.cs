using Google.Protobuf;
using Microsoft.ML.Model.OnnxConverter.Proto;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Constants: scalars, and tensors with the given dimensions, or one where these are null.</summary>
internal sealed partial class OnnxContext
{
    public string AddInitializer(bool value, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "bool", makeUniqueName, TensorProto.Types.DataType.Bool, tensor => tensor.Int32Data.Add(value ? 1 : 0));

    public string AddInitializer(float value, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "float", makeUniqueName, TensorProto.Types.DataType.Float, tensor => tensor.FloatData.Add(value));

    public string AddInitializer(double value, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "double", makeUniqueName, TensorProto.Types.DataType.Double, tensor => tensor.DoubleData.Add(value));

    public string AddInitializer(long value, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "int64", makeUniqueName, TensorProto.Types.DataType.Int64, tensor => tensor.Int64Data.Add(value));

    public string AddInitializer(string value, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "string", makeUniqueName, TensorProto.Types.DataType.String, tensor => tensor.StringData.Add(ByteString.CopyFromUtf8(value)));

    public string AddInitializer(IEnumerable<float> values, IEnumerable<long> dims, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "floats", makeUniqueName, TensorProto.Types.DataType.Float, tensor => tensor.FloatData.Add(values), dims ?? [values.Count()], values.Count());

    public string AddInitializer(IEnumerable<double> values, IEnumerable<long> dims, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "doubles", makeUniqueName, TensorProto.Types.DataType.Double, tensor => tensor.DoubleData.Add(values), dims ?? [values.Count()], values.Count());

    public string AddInitializer(IEnumerable<long> values, IEnumerable<long> dims, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "int64s", makeUniqueName, TensorProto.Types.DataType.Int64, tensor => tensor.Int64Data.Add(values), dims ?? [values.Count()], values.Count());

    public string AddInitializer(IEnumerable<string> values, IEnumerable<long> dims, string name = null, bool makeUniqueName = true) =>
        Add(name ?? "strings", makeUniqueName, TensorProto.Types.DataType.String,
            tensor => tensor.StringData.Add(values.Select(ByteString.CopyFromUtf8)), dims ?? [values.Count()], values.Count());

    private string Add(
        string name, bool makeUniqueName, TensorProto.Types.DataType type, Action<TensorProto> fill, IEnumerable<long> dimensions = null, long count = 1)
    {
        var tensor = new TensorProto { Name = AddVariable(name, makeUniqueName), DataType = (int)type };
        tensor.Dims.Add(dimensions ?? []);
        if (tensor.Dims.Aggregate(1L, (product, dimension) => product * dimension) != count)
            throw new InvalidOperationException("Number of elements doesn't match tensor size");
        fill(tensor);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}

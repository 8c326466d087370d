using Microsoft.ML;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Onnx;

/// <summary>Makes the data views of this library's transformers.</summary>
internal static class OnnxBridge
{
    public static IDataView CreateView(RowToRowTransformer transformer, RowMapping mapping, IDataView source) =>
        new MappedDataView(transformer, mapping, source);
}

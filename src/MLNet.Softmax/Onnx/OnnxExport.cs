using MLNet.Softmax.Calibration;
using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>Which of this library's transformers can be exported to ONNX, and how.</summary>
internal static class OnnxExport
{
    /// <summary>Adds what <paramref name="transformer"/> computes from rows of the schema <paramref name="inputSchema"/> to <paramref name="graph"/>.</summary>
    /// <exception cref="NotSupportedException">It cannot be expressed in ONNX.</exception>
    public static void Add(OnnxGraph graph, RowToRowTransformer transformer, DataViewSchema inputSchema)
    {
        switch (transformer)
        {
            case SoftmaxTransformer softmax:
                SoftmaxExport.Add(graph, softmax, inputSchema);
                break;
            case LogSoftmaxTransformer logSoftmax:
                LogSoftmaxExport.Add(graph, logSoftmax, inputSchema);
                break;
            case TopKTransformer topK:
                TopKExport.Add(graph, topK, inputSchema);
                break;
            case TemperatureCalibratorTransformer temperature:
                TemperatureCalibratorExport.Add(graph, temperature, inputSchema);
                break;
            case VectorScalingCalibratorTransformer vectorScaling:
                VectorScalingCalibratorExport.Add(graph, vectorScaling, inputSchema);
                break;
            case MatrixScalingCalibratorTransformer matrixScaling:
                MatrixScalingCalibratorExport.Add(graph, matrixScaling, inputSchema);
                break;
            case DirichletCalibratorTransformer dirichlet:
                DirichletCalibratorExport.Add(graph, dirichlet, inputSchema);
                break;
            case IsotonicCalibratorTransformer isotonic:
                IsotonicCalibratorExport.Add(graph, isotonic, inputSchema);
                break;
            case MultilayerPerceptronTransformer perceptron:
                MultilayerPerceptronExport.Add(graph, perceptron, inputSchema);
                break;
            default:
                throw new NotSupportedException($"{transformer.GetType().Name} cannot be exported to ONNX. Export the model without this step, and apply it to the exported model's output.");
        }
    }
}

using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Benchmarks;

/// <summary>ONNX Runtime in this process: a model of one operator, bound to memory of our own, so that nothing is copied.</summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    private readonly SessionOptions options;
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;
    private readonly RunOptions runOptions = new();
    private readonly List<OrtValue> values = [];

    private OnnxRuntimePeer(byte[] model, int threads)
    {
        options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        session = new InferenceSession(model, options);
        binding = session.CreateIoBinding();
    }

    public static string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>Softmax or LogSoftmax of rows.</summary>
    public static unsafe OnnxRuntimePeer Softmax(string name, float* input, float* output, int rowCount, int classCount, int threads = 1)
    {
        var peer = new OnnxRuntimePeer(OnnxModel.Softmax(name, rowCount, classCount), threads);
        peer.binding.BindInput("x", peer.Value(TensorElementType.Float, input, sizeof(float), rowCount, classCount));
        peer.binding.BindOutput("y", peer.Value(TensorElementType.Float, output, sizeof(float), rowCount, classCount));
        return peer;
    }

    /// <summary>The k largest of rows, in descending order.</summary>
    public static unsafe OnnxRuntimePeer TopK(float* input, float* largest, long* indices, int rowCount, int classCount, int k)
    {
        var peer = new OnnxRuntimePeer(OnnxModel.TopK(rowCount, classCount, k), 1);
        peer.binding.BindInput("x", peer.Value(TensorElementType.Float, input, sizeof(float), rowCount, classCount));
        peer.binding.BindOutput("y", peer.Value(TensorElementType.Float, largest, sizeof(float), rowCount, k));
        peer.binding.BindOutput("i", peer.Value(TensorElementType.Int64, indices, sizeof(long), rowCount, k));
        return peer;
    }

    public void Run() => session.RunWithBinding(runOptions, binding);

    private unsafe OrtValue Value(TensorElementType type, void* data, int size, long rowCount, long length)
    {
        values.Add(OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, type, [rowCount, length], (nint)data, rowCount * length * size));
        return values[^1];
    }

    public void Dispose()
    {
        binding.Dispose();
        values.ForEach(value => value.Dispose());
        runOptions.Dispose();
        session.Dispose();
        options.Dispose();
    }
}

/// <summary>ONNX models of one operator, over [rows, classes], in the wire format of protocol buffers.</summary>
internal static class OnnxModel
{
    private const int Float = 1, Int64 = 7, IrVersion = 8, Opset = 17;

    public static byte[] Softmax(string name, int rowCount, int classCount)
        => Model([.. Node(name, ["x"], ["y"], Attribute("axis", 1))], Tensor("x", Float, rowCount, classCount),
            Tensor("y", Float, rowCount, classCount));

    public static byte[] TopK(int rowCount, int classCount, int k)
    {
        byte[] constant = [.. Number(1, 1), .. Number(2, Int64), .. Text(8, "k"), .. Message(7, Varint(k))];
        byte[] node = Node("TopK", ["x", "k"], ["y", "i"], [.. Attribute("axis", 1), .. Attribute("sorted", 1)]);
        return Model([.. node, .. Message(5, constant)],
            Tensor("x", Float, rowCount, classCount), Tensor("y", Float, rowCount, k), Tensor("i", Int64, rowCount, k));
    }

    private static byte[] Model(byte[] nodes, byte[] input, params ReadOnlySpan<byte[]> outputs)
    {
        List<byte> graph = [.. nodes, .. Text(2, "graph"), .. Message(11, input)];
        foreach (var output in outputs)
            graph.AddRange(Message(12, output));
        return [.. Number(1, IrVersion), .. Message(7, [.. graph]), .. Message(8, Number(2, Opset))];
    }

    private static byte[] Node(string name, string[] inputs, string[] outputs, byte[] attributes)
        => Message(1, [.. inputs.SelectMany(input => Text(1, input)), .. outputs.SelectMany(output => Text(2, output)),
            .. Text(4, name), .. attributes]);

    private static byte[] Attribute(string name, int value) => Message(5, [.. Text(1, name), .. Number(3, value), .. Number(20, 2)]);

    private static byte[] Tensor(string name, int type, params ReadOnlySpan<int> shape)
    {
        List<byte> dimensions = [];
        foreach (var length in shape)
            dimensions.AddRange(Message(1, Number(1, length)));
        return [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, type), .. Message(2, [.. dimensions])]))];
    }

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] bytes) => [.. Varint((field << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Varint(long value)
    {
        List<byte> bytes = [];
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        return [.. bytes, (byte)value];
    }
}

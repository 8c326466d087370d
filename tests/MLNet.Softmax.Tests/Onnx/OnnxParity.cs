using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.Softmax.Tests;

/// <summary>Compares what a model computes in ML.NET with what it computes, exported, in ONNX Runtime.</summary>
internal static class OnnxParity
{
    private static readonly int[] BatchSizes = [1, 7, 1000];

    public static byte[] Export(MLContext mlContext, ITransformer model, IDataView data)
    {
        using var stream = new MemoryStream();
        mlContext.Model.ConvertToOnnx(model, data, stream);
        return stream.ToArray();
    }

    /// <summary>An ONNX Runtime session; fails if <paramref name="onnx"/> is not a valid model.</summary>
    public static InferenceSession Session(byte[] onnx)
    {
        // Errors only: warnings tell of initializers that ML.NET's own steps leave unused.
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return new InferenceSession(onnx, options);
    }

    /// <summary>The version of ONNX's own operators that a model imports.</summary>
    public static long OperatorSet(byte[] onnx)
    {
        // Field 8 of a model is an imported set of operators: its field 1 is the domain (none for ONNX's own), field 2 the version.
        foreach (var (_, set, _) in Fields(onnx).Where(item => item.Field == 8))
        {
            var parts = Fields(set).ToDictionary(part => part.Field);
            if (!parts.TryGetValue(1, out var domain) || domain.Bytes.Length == 0)
                return parts[2].Number;
        }

        throw new InvalidDataException("The model does not import the operators of ONNX.");
    }

    /// <summary>The fields of a message: bytes where it holds a message, a text or packed numbers, else a number.</summary>
    public static IEnumerable<(int Field, byte[] Bytes, long Number)> Fields(byte[] message)
    {
        using var reader = new BinaryReader(new MemoryStream(message));
        while (reader.BaseStream.Position < message.Length)
        {
            var key = reader.Read7BitEncodedInt();
            yield return (key & 7) switch
            {
                0 => (key >> 3, [], reader.Read7BitEncodedInt64()),
                2 => (key >> 3, reader.ReadBytes(reader.Read7BitEncodedInt()), 0),
                5 => (key >> 3, [], reader.ReadInt32()),
                _ => throw new InvalidDataException($"Wire type {key & 7} is not used by the fields of a model."),
            };
        }
    }

    /// <summary>
    /// Exports <paramref name="model"/>, runs it in ONNX Runtime on the rows of <paramref name="input"/> in batches of 1, 7 and 1,000, and
    /// compares every column that the model adds: <see cref="float"/> within 1e-6 (the sums of many products in
    /// <paramref name="rawScores"/> within 1e-5), text and whole numbers exactly.
    /// </summary>
    public static void AssertSame(
        MLContext mlContext, ITransformer model, string input, int[] dimensions, float[][] rows,
        DataViewSchema.Annotations? annotations = null, string? rawScores = null)
    {
        var data = new MemoryView().WithScores(input, dimensions, rows, annotations);
        var output = model.Transform(data);
        using var session = Session(Export(mlContext, model, data));
        var columns = output.Schema.Where(column => !column.IsHidden && column.Name != input)
            .Select(column => new Comparison(output, column, rawScores)).ToArray();
        string[] variables = [.. columns.Select(column => column.Variable)];
        foreach (var size in BatchSizes)
        {
            for (var first = 0; first < rows.Length && first < size * (size == 1 ? 3 : 2); first += size)
            {
                var batch = rows[first..Math.Min(first + size, rows.Length)];
                var tensor = new DenseTensor<float>(batch.SelectMany(row => row).ToArray(), [batch.Length, .. dimensions]);
                using var answers = session.Run([NamedOnnxValue.CreateFromTensor(input, tensor)], variables);
                foreach (var (column, answer) in columns.Zip(answers))
                    column.AssertSame(first, batch.Length, answer);
            }
        }
    }

    private sealed class Comparison(IDataView output, DataViewSchema.Column column, string? rawScores)
    {
        private readonly Array _expected = ((column.Type as VectorDataViewType)?.ItemType ?? column.Type) switch
        {
            TextDataViewType => Rows<string>(output, column),
            { RawType: var type } when type == typeof(uint) => Rows<uint>(output, column),
            BooleanDataViewType => Rows<bool>(output, column),
            _ => Rows<float>(output, column),
        };

        public string Variable { get; } = column.Name + ".output";

        public void AssertSame(int first, int count, NamedOnnxValue answer)
        {
            if (_expected is string[][] texts)
                Assert.Equal(texts[first..(first + count)].SelectMany(row => row), Values<string>(answer, count));
            else if (_expected is uint[][] numbers)
                Assert.Equal(numbers[first..(first + count)].SelectMany(row => row), Values<uint>(answer, count));
            else if (_expected is bool[][] truths)
                Assert.Equal(truths[first..(first + count)].SelectMany(row => row), Values<bool>(answer, count));
            else
                AssertClose([.. ((float[][])_expected)[first..(first + count)].SelectMany(row => row)], Values<float>(answer, count));
        }

        private static T[] Values<T>(NamedOnnxValue answer, int count)
        {
            var tensor = answer.AsTensor<T>();
            Assert.Equal(count, tensor.Dimensions[0]);
            return [.. tensor];
        }

        private void AssertClose(float[] expected, float[] actual)
        {
            var tolerance = column.Name == rawScores ? 1e-5 : 1e-6;
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < actual.Length; i++)
            {
                // Absolute for probabilities; relative for scores beyond 1, of which a float has no more digits.
                if (expected[i].Equals(actual[i])) continue;
                if (!(Math.Abs((double)expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                    Assert.Fail($"{column.Name}[{i}]: {expected[i]} in ML.NET, {actual[i]} in ONNX Runtime; allowed: {tolerance}.");
            }
        }

        private static T[][] Rows<T>(IDataView data, DataViewSchema.Column column) => column.Type is VectorDataViewType
            ? [.. data.GetColumn<T[]>(column)]
            : [.. data.GetColumn<T>(column).Select(value => new[] { value })];
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Softmax.Tests;

/// <summary>Compares what a model gives in ML.NET and, exported, in ONNX Runtime.</summary>
internal static class OnnxParity
{
    private static readonly int[] BatchSizes = [1, 7, 1000];

    public static byte[] Export(MLContext mlContext, ITransformer model, IDataView data)
    {
        using var stream = new MemoryStream();
        mlContext.Model.ConvertToOnnx(model, data, stream);
        return stream.ToArray();
    }

    /// <summary>
    /// Exports <paramref name="model"/>, has ONNX's checker check it, runs it on the rows of <paramref name="input"/> in batches of 1, 7 and
    /// 1000, and compares every column that the model adds: <see cref="float"/> within 1e-6 (the sums of many products in
    /// <paramref name="rawScores"/> within 1e-5), text and whole numbers exactly.
    /// </summary>
    public static void AssertSame(
        MLContext mlContext, ITransformer model, string input, int[] dimensions, float[][] rows, DataViewSchema.Annotations? annotations = null, string? rawScores = null, bool isValid = true)
    {
        var data = new MemoryView().WithScores(input, dimensions, rows, annotations);
        var output = model.Transform(data);
        var onnx = Export(mlContext, model, data);
        // ML.NET's own export of a naive Bayes model forgets to import the set of operators that it uses.
        if (isValid) OnnxChecker.AssertValid(onnx);

        var columns = output.Schema.Where(column => !column.IsHidden && column.Name != input).ToArray();
        var batches = BatchSizes.SelectMany(size => rows.Chunk(size).Take(size == 1 ? 3 : 2)).ToArray();
        var answers = OnnxRuntime.Run(
            onnx,
            [.. columns.Select(column => column.Name + ".output")],
            batches.Select(batch => new Dictionary<string, OnnxTensor> { [input] = OnnxTensor.OfFloats([.. batch.SelectMany(row => row)], [batch.Length, .. dimensions]) }));

        foreach (var column in columns)
        {
            var tensors = answers.Select(answer => answer[column.Name + ".output"]).ToArray();
            Assert.Equal(batches.Select(batch => batch.Length), tensors.Select(tensor => tensor.Dimensions[0]));
            var chosen = batches.SelectMany(batch => Enumerable.Range(Array.IndexOf(rows, batch[0]), batch.Length)).ToArray();
            switch (tensors[0].Type)
            {
                case "string":
                    Assert.Equal(Chosen(chosen, Rows<string>(output, column)), tensors.SelectMany(tensor => tensor.ToTexts()));
                    break;
                case "uint32":
                    Assert.Equal(Chosen(chosen, Rows<uint>(output, column)), tensors.SelectMany(tensor => tensor.ToUInt32s()));
                    break;
                default:
                    AssertClose(column.Name, [.. Chosen(chosen, Rows<float>(output, column))], [.. tensors.SelectMany(tensor => tensor.ToFloats())], column.Name == rawScores ? 1e-5 : 1e-6);
                    break;
            }
        }
    }

    private static void AssertClose(string column, float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            // Absolute for probabilities; relative for scores beyond 1, of which a float has no more digits.
            if (float.IsNaN(expected[i]) && float.IsNaN(actual[i])) continue;
            if (!(Math.Abs((double)expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"{column}[{i}]: {expected[i]} in ML.NET, {actual[i]} in ONNX Runtime; {tolerance} apart at most is expected.");
        }
    }

    private static T[][] Rows<T>(IDataView data, DataViewSchema.Column column) => column.Type is VectorDataViewType
        ? [.. data.GetColumn<T[]>(column)]
        : [.. data.GetColumn<T>(column).Select(value => new[] { value })];

    private static IEnumerable<T> Chosen<T>(IEnumerable<int> rows, T[][] values) => rows.SelectMany(row => values[row]);
}

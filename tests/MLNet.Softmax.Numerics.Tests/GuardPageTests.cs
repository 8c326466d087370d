using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>No kernel reads or writes a float that is not its own, at any length, on any path.</summary>
public class GuardPageTests : OnEveryPath
{
    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OfLengths0To130AgainstAGuardPage_StayInside(string path)
    {
        var kernels = Paths.Named(path);
        using var input = new GuardedMemory(130 * 37);
        using var output = new GuardedMemory(130 * 37);
        var random = new Random(5);
        for (var length = 0; length <= 130; length++)
        {
            foreach (var rowCount in (int[])[1, 2, 3, 15, 16, 17, 37])
            {
                var values = RowKinds.Normal(random, rowCount, length, 3, 0);
                Check(kernels, values, length, input.AtEnd(values.Length), output.AtEnd(values.Length));
                Check(kernels, values, length, input.AtStart(values.Length), output.AtStart(values.Length));
            }
        }
    }

    private static void Check(RowKernels kernels, float[] values, int length, Span<float> input, Span<float> output)
    {
        values.CopyTo(input);
        CheckTopK(kernels, values, length, input, output);
        CheckCrossEntropy(kernels, values, length, input, output);
        Softmax.Rows(kernels, input, length, output, 1f, 1);
        Compare.SoftmaxRows(values, length, output);
        LogSoftmax.Rows(kernels, input, length, output, 1f, 1);
        Compare.LogSoftmaxRows(values, length, output);
        for (var start = 0; start < values.Length; start += length)
            Compare.RelativeOrAbsolute(
                [Naive.LogSumExp(values.AsSpan(start, length))], [LogSumExp.Compute(kernels, input.Slice(start, length), 1f)]);
    }

    private static void CheckTopK(RowKernels kernels, float[] values, int length, Span<float> input, Span<float> output)
    {
        var rowCount = values.Length / Math.Max(1, length);
        foreach (var k in (int[])[1, 5, 20])
        {
            var count = Math.Min(k, length);
            var indices = new int[rowCount * count];
            TopK.Rows(kernels, input, length, k, indices, output[^indices.Length..], 1);
            TopK.Rows(kernels, input, length, k, MemoryMarshal.Cast<float, int>(output)[..indices.Length], new float[indices.Length], 1);
            MemoryMarshal.Cast<float, int>(output)[..indices.Length].CopyTo(indices);
            for (var row = 0; row < rowCount; row++)
                Assert.Equal(
                    Naive.Order(values[(row * length)..((row + 1) * length)])[..count], indices[(row * count)..((row + 1) * count)]);
        }
    }

    private static void CheckCrossEntropy(RowKernels kernels, float[] values, int length, Span<float> input, Span<float> output)
    {
        if (length == 0)
            return;
        var labels = Enumerable.Range(0, values.Length / length).Select(row => row * 7 % length).ToArray();
        var expected = labels.Select((label, row) => -Naive.LogSoftmax(values.AsSpan(row * length, length))[label]).Sum();
        Assert.Equal(expected, CrossEntropyBatch.Run(kernels, input, length, labels, [], default, 1).Loss, 1e-6 * labels.Length);
        Assert.Equal(expected, CrossEntropyBatch.Run(kernels, input, length, labels, output, default, 1).Loss, 1e-6 * labels.Length);
    }
}

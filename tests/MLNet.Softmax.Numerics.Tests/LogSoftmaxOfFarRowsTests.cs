namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// Rows far from 0, of unlike magnitudes: the shift may be a guess far below the maximum, and the logarithm of the sum is large there.
/// </summary>
public class LogSoftmaxOfFarRowsTests
{
    private const int RowCount = 20;

    public static TheoryData<int> ClassCounts { get; } = [3, 10, 20, 40, 60, 92, 130, 200, 300, 400, 1000];

    [Theory]
    [MemberData(nameof(ClassCounts))]
    public void Rows_FarFromZero_KeepTheirLastDigits(int classCount)
    {
        var random = new Random(classCount);
        double[] magnitudes = [3, 30, 300, 1e4], offsets = [1000, -1000, 1e6, 1e8, 1e10];
        foreach (var magnitude in magnitudes)
        {
            foreach (var offset in offsets)
            {
                float[] rows = [.. Enumerable.Range(0, RowCount * classCount)
                    .Select(_ => (float)((((random.NextDouble() * 2) - 1) * magnitude) + offset))];
                foreach (var kernels in Paths.All)
                {
                    var (single, together) = (new float[rows.Length], new float[rows.Length]);
                    LogSoftmax.Rows(kernels, rows, classCount, together, 1, 1);
                    for (var start = 0; start < rows.Length; start += classCount)
                    {
                        var row = rows.AsSpan(start, classCount);
                        LogSoftmax.Compute(kernels, row, single.AsSpan(start, classCount), 1);
                        var expected = Naive.LogSoftmax(row, 1);
                        Compare.RelativeOrAbsolute(expected, single.AsSpan(start, classCount), 3e-7);
                        Compare.RelativeOrAbsolute(expected, together.AsSpan(start, classCount), 3e-7);
                    }
                }
            }
        }
    }
}

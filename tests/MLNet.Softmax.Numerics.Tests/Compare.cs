namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Comparisons of single-precision results with a double-precision reference.</summary>
internal static class Compare
{
    /// <summary>How near every kernel is to the definition, relatively; logarithms below 1 absolutely.</summary>
    public const double Tolerance = 5e-7;

    /// <summary>Below this a float has fewer digits, and kernels may write 0.</summary>
    private const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>
    /// Every value within <paramref name="tolerance"/> of the expected one, relatively; NaN only where expected, exactly 0 where expected.
    /// </summary>
    public static void Relative(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance = Tolerance)
        => Check(expected, actual, value => (Math.Abs(value) * tolerance) + (value == 0 ? 0 : SmallestNormal));

    /// <summary>Every value within <paramref name="tolerance"/>, relative to the expected value or to 1, whichever is larger.</summary>
    public static void RelativeOrAbsolute(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance = Tolerance)
        => Check(expected, actual, value => Math.Max(1, Math.Abs(value)) * tolerance);

    /// <summary>Every row's softmax agrees with the definition.</summary>
    public static void SoftmaxRows(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> actual, double temperature = 1)
    {
        for (var start = 0; start < scores.Length; start += classCount)
            Relative(Naive.Softmax(scores.Slice(start, classCount), temperature), actual.Slice(start, classCount));
    }

    /// <summary>Every row's log-softmax agrees with the definition.</summary>
    public static void LogSoftmaxRows(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> actual, double temperature = 1)
    {
        for (var start = 0; start < scores.Length; start += classCount)
            RelativeOrAbsolute(Naive.LogSoftmax(scores.Slice(start, classCount), temperature), actual.Slice(start, classCount));
    }

    /// <summary>What both kernels make of a batch agrees with the definition.</summary>
    public static void BothRows(RowKernels kernels, ReadOnlySpan<float> scores, int classCount, float temperature = 1f)
    {
        var actual = new float[scores.Length];
        Softmax.Rows(kernels, scores, classCount, actual, temperature, 1);
        SoftmaxRows(scores, classCount, actual, temperature);
        LogSoftmax.Rows(kernels, scores, classCount, actual, temperature, 1);
        LogSoftmaxRows(scores, classCount, actual, temperature);
    }

    private static void Check(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, Func<double, double> allowed)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            // What no float can hold is infinite.
            var holds = Math.Abs(expected[i]) <= float.MaxValue
                ? Math.Abs(actual[i] - expected[i]) <= allowed(expected[i]) : ((float)expected[i]).Equals(actual[i]);
            if (!holds)
                Assert.Fail($"Value {i} of {expected.Length} is {actual[i]:R}, expected {expected[i]:R} "
                    + $"(relative error {Math.Abs((actual[i] - expected[i]) / expected[i]):G3}).");
        }
    }
}

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Comparisons of single-precision results with a double-precision reference.</summary>
internal static class Compare
{
    /// <summary>Below this a float has fewer digits, and kernels may write 0.</summary>
    private const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>
    /// Every value within <paramref name="tolerance"/> of the expected one, relatively; NaN only where expected, exactly 0 where expected.
    /// </summary>
    public static void Relative(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
        => Check(expected, actual, value => (Math.Abs(value) * tolerance) + (value == 0 ? 0 : SmallestNormal));

    /// <summary>Every value within <paramref name="tolerance"/>, relative to the expected value or to 1, whichever is larger.</summary>
    public static void RelativeOrAbsolute(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
        => Check(expected, actual, value => Math.Max(1, Math.Abs(value)) * tolerance);

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

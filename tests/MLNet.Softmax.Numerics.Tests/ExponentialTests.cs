namespace MLNet.Softmax.Numerics.Tests;

/// <summary>The shared exponential against double precision.</summary>
public class ExponentialTests
{
    [Fact]
    public void Scaled_FloatsFromMinus104To0_AreWithinTheStatedErrorOnEveryWidth()
    {
        // Every float takes minutes; a prime stride reaches all exponents and all kinds of mantissas.
        Assert.InRange(LargestError<Lanes512>(9_973), 0, 1.1e-7);
        Assert.InRange(LargestError<Lanes256>(9_973), 0, 1.1e-7);
        Assert.InRange(LargestError<Lanes128>(9_973), 0, 1.1e-7);
        Assert.InRange(LargestError<Lanes32>(9_973), 0, 1.1e-7);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.7f)]
    [InlineData(3f)]
    public void Scaled_AnyTemperature_LosesNothingToIt(float temperature)
        => Assert.InRange(LargestError<Lanes512>(99_991, temperature), 0, 1.4e-7);

    [Fact]
    public void Scaled_NaN_StaysNaN() => Assert.True(float.IsNaN(Exponential<Lanes512>(float.NaN, 1f)));

    [Fact]
    public void Scaled_Lowest_IsExactlyZero() => Assert.Equal(0f, Exponential<Lanes512>(new ExponentScale(1f).Lowest, 1f));

    /// <summary>The largest relative error where the result is a normal number, over every so-manieth float in [-104 T, 0].</summary>
    internal static double LargestError<TLanes>(uint stride, float temperature = 1f)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var largest = 0.0;
        var end = BitConverter.SingleToUInt32Bits(104f * temperature);
        for (var bits = 0u; bits <= end; bits += stride)
        {
            var x = -BitConverter.UInt32BitsToSingle(bits);
            var expected = Math.Exp(x / (double)temperature);
            var actual = Exponential<TLanes>(x, temperature);
            if (expected >= 2.0 * 1.1754943508222875e-38)
                largest = Math.Max(largest, Math.Abs(actual - expected) / expected);
            else
                Assert.InRange(actual, 0, 2.4e-38);
        }

        return largest;
    }

    private static unsafe float Exponential<TLanes>(float x, float temperature)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var scale = new ExponentScale(temperature);
        var result =
            Kernels.Exponential<TLanes>.Scaled(TLanes.Create(x), TLanes.Create(scale.High), TLanes.Create(scale.Low), TLanes.Create(0f));
        return *(float*)&result;
    }
}

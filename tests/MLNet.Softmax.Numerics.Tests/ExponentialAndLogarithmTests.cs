using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>The shared exponential and the logarithm of a row's sum against double precision.</summary>
public class ExponentialAndLogarithmTests
{
    [Fact]
    public void Scaled_FloatsFromMinus104To0_AreWithinTheStatedErrorOnEveryWidth()
    {
        // Every float takes minutes; a prime stride reaches all exponents and all kinds of mantissas.
        Assert.InRange(LargestError<Lanes512>(9_973), 0, 1.1e-7);
        Assert.InRange(LargestError<Lanes256>(9_973), 0, 1.1e-7);
        Assert.InRange(LargestError<Lanes128>(9_973), 0, 1.1e-7);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.7f)]
    [InlineData(3f)]
    public void Scaled_AnyTemperature_LosesNothingToIt(float temperature)
        => Assert.InRange(LargestError<Lanes512>(99_991, temperature), 0, 1.4e-7);

    [Fact]
    public void Scaled_NaNAndLowest_AreNaNAndExactlyZero()
    {
        Assert.True(float.IsNaN(Exponential<Lanes512>(float.NaN, 1f)));
        Assert.Equal(0f, Exponential<Lanes512>(new ExponentScale(1f).Lowest, 1f));
    }

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

    [Fact]
    public void OfShifted_EveryPartOfAMantissa_IsWithinTheStatedErrorOnEveryWidth()
    {
        Assert.InRange(LargestLogarithmError<Lanes512>(), 0, 6e-8);
        Assert.InRange(LargestLogarithmError<Lanes256>(), 0, 1e-7);
        Assert.InRange(LargestLogarithmError<Lanes128>(), 0, 1e-7);
    }

    [Fact]
    public void OfShifted_PowerOfTwoAndNaN_AreExactlyZeroWhereThePowersCancelAndNaN()
    {
        Assert.Equal(0.0, Logarithm<Lanes512>(MathF.Pow(2, 64), 64));
        Assert.True(double.IsNaN(Logarithm<Lanes512>(float.NaN, 64)));
    }

    private static double LargestLogarithmError<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var largest = 0.0;
        for (var step = 0; step < 200_000; step++)
        {
            // From 2^63 to 2^67, as the sums of a few classes are.
            var sum = BitConverter.UInt32BitsToSingle(((127u + 63) << 23) + ((uint)step * 167));
            largest = Math.Max(largest, Math.Abs(Logarithm<TLanes>(sum, 64) - (Math.Log(sum) - (64 * Math.Log(2)))));
        }

        return largest;
    }

    private static unsafe double Logarithm<TLanes>(float sum, float power)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var high = Kernels.Logarithm<TLanes>.OfShifted(TLanes.Create(sum), TLanes.Create(power), NaturalLogarithmOfTwo.Low, out var low);
        return (double)*(float*)&high + *(float*)&low;
    }

    [Fact]
    public void LaneExponential_Floats_AreWithinThreeUnitsInTheLastPlace()
    {
        for (var x = 0f; x > -87; x -= 0.00137f)
        {
            var expected = Math.Exp(x);
            var error = Math.Abs(LaneExponential.OfNonPositive(Vector512.Create(x))[3] - expected);
            Assert.True(
                error <= 3 * (double)MathF.BitIncrement((float)expected) - 3 * (double)(float)expected, $"exp({x}) is off by {error}");
        }
    }

    [Fact]
    public void LaneExponential_Doubles_AreWithinThreeUnitsInTheLastPlace()
    {
        for (var x = 0.0; x > -708; x -= 0.00973)
        {
            var expected = Math.Exp(x);
            var error = Math.Abs(LaneExponential.OfNonPositive(Vector512.Create(x))[5] - expected);
            Assert.True(error <= 3 * (Math.BitIncrement(expected) - expected), $"exp({x}) is off by {error}");
        }
    }

    [Fact]
    public void LaneExponential_FarBelow_IsExactlyZero()
    {
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(-88f))[0]);
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(float.NegativeInfinity))[0]);
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(-709.0))[0]);
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(double.NegativeInfinity))[0]);
        Assert.Equal(1, LaneExponential.OfNonPositive(Vector512<double>.Zero)[0]);
        Assert.Equal(1, LaneExponential.OfNonPositive(Vector512<float>.Zero)[0]);
    }
}

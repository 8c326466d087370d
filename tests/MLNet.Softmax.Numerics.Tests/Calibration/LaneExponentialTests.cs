using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class LaneExponentialTests
{
    [Fact]
    public void OfNonPositive_Floats_AreWithinThreeUnitsInTheLastPlace()
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
    public void OfNonPositive_Doubles_AreWithinThreeUnitsInTheLastPlace()
    {
        for (var x = 0.0; x > -708; x -= 0.00973)
        {
            var expected = Math.Exp(x);
            var error = Math.Abs(LaneExponential.OfNonPositive(Vector512.Create(x))[5] - expected);
            Assert.True(error <= 3 * (Math.BitIncrement(expected) - expected), $"exp({x}) is off by {error}");
        }
    }

    [Fact]
    public void OfNonPositive_FarBelow_IsExactlyZero()
    {
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(-88f))[0]);
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(float.NegativeInfinity))[0]);
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(-709.0))[0]);
        Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(double.NegativeInfinity))[0]);
        Assert.Equal(1, LaneExponential.OfNonPositive(Vector512<double>.Zero)[0]);
        Assert.Equal(1, LaneExponential.OfNonPositive(Vector512<float>.Zero)[0]);
    }
}

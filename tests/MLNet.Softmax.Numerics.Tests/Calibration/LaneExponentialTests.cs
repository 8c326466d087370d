using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>The exponential of the fits, against .NET's in double precision.</summary>
public sealed class LaneExponentialTests
{
    [Fact]
    public void OfNonPositive_InSinglePrecision_IsWithinTwoUnitsOfTheLastPlace()
    {
        for (var x = 0f; x >= -86.99f; x -= 0.0009765625f * 1.37f)
            Assert.Equal(1, LaneExponential.OfNonPositive(Vector512.Create(x))[5] / Math.Exp(x), 1.2e-7);
        Assert.Equal(1, LaneExponential.OfNonPositive(Vector512<float>.Zero)[0]);
        Assert.NotEqual(0, LaneExponential.OfNonPositive(Vector512.Create(MathF.BitIncrement(-87f)))[0]);
        foreach (var x in (float[])[-87f, -88f, -1e30f, float.NegativeInfinity])
            Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(x))[0]);
    }

    [Fact]
    public void OfNonPositive_InDoublePrecision_IsWithinTwoUnitsOfTheLastPlace()
    {
        for (var x = 0.0; x >= -707.9; x -= 0.0078125 * 1.37)
            Assert.Equal(1, LaneExponential.OfNonPositive(Vector512.Create(x))[3] / Math.Exp(x), 4.5e-16);
        Assert.Equal(1, LaneExponential.OfNonPositive(Vector512<double>.Zero)[0]);
        Assert.NotEqual(0, LaneExponential.OfNonPositive(Vector512.Create(double.BitIncrement(-708)))[0]);
        foreach (var x in (double[])[-708, -709, -1e300, double.NegativeInfinity])
            Assert.Equal(0, LaneExponential.OfNonPositive(Vector512.Create(x))[0]);
    }
}

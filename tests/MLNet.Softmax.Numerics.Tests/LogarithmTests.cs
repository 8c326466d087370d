namespace MLNet.Softmax.Numerics.Tests;

/// <summary>The logarithm of a row's sum against double precision.</summary>
public class LogarithmTests
{
    [Fact]
    public void OfShifted_EveryPartOfAMantissa_IsWithinTheStatedErrorOnEveryWidth()
    {
        Assert.InRange(LargestError<Lanes512>(), 0, 6e-8);
        Assert.InRange(LargestError<Lanes256>(), 0, 1e-7);
        Assert.InRange(LargestError<Lanes128>(), 0, 1e-7);
        Assert.InRange(LargestError<Lanes32>(), 0, 1e-7);
    }

    [Fact]
    public void OfShifted_PowerOfTwo_IsExactlyZeroWhereThePowersCancel() => Assert.Equal(0.0, Logarithm<Lanes512>(MathF.Pow(2, 64), 64));

    [Fact]
    public void OfShifted_NaN_StaysNaN() => Assert.True(double.IsNaN(Logarithm<Lanes512>(float.NaN, 64)));

    private static double LargestError<TLanes>()
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
}

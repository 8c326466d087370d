using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>exp(x) of 16 non-positive floats at once, to about two units in the last place; exactly 0 below -87.</summary>
internal static class LaneExponential
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfNonPositive(Vector512<float> x)
    {
        // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds to an integer and leaves n in the low bits.
        var shifter = Vector512.Create(12582912f);
        var inRange = Vector512.GreaterThan(x, Vector512.Create(-87f));
        var shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.44269504f), shifter);
        var n = shifted - shifter;
        var r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(2.12194440e-4f), r);

        // Minimax polynomial of (exp(r) - 1 - r) / r^2 (Cephes, expf).
        var p = Vector512.MultiplyAddEstimate(Vector512.Create(1.9875691500e-4f), r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.MultiplyAddEstimate(p, r * r, r) + Vector512<float>.One;

        // Multiply by 2^n by adding n to the exponent's bits.
        var scaled = (p.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
        return scaled & inRange;
    }
}

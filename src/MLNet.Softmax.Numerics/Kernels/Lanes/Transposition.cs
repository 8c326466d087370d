using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Turns floats around within each 128 bits of a few vectors, which no width needs more than one step for.</summary>
internal static class Transposition
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Picks the lower, or the upper, half of the 128 bits of both operands.
    private const byte LowerHalves = 0x44, UpperHalves = 0xEE;

    // Picks the even, or the odd, floats of the 128 bits of both operands.
    private const byte EvenOnes = 0x88, OddOnes = 0xDD;

    /// <summary>Transposes the 4 x 4 floats that lie at the same 128 bits of four vectors.</summary>
    [MethodImpl(Inline)]
    public static void Within128Bits(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        if (Avx512F.IsSupported)
        {
            var (abLow, abHigh) = (Avx512F.UnpackLow(a, b), Avx512F.UnpackHigh(a, b));
            var (cdLow, cdHigh) = (Avx512F.UnpackLow(c, d), Avx512F.UnpackHigh(c, d));
            a = Avx512F.Shuffle(abLow, cdLow, LowerHalves);
            b = Avx512F.Shuffle(abLow, cdLow, UpperHalves);
            c = Avx512F.Shuffle(abHigh, cdHigh, LowerHalves);
            d = Avx512F.Shuffle(abHigh, cdHigh, UpperHalves);
            return;
        }

        var (a0, b0, c0, d0) = (a.GetLower(), b.GetLower(), c.GetLower(), d.GetLower());
        var (a1, b1, c1, d1) = (a.GetUpper(), b.GetUpper(), c.GetUpper(), d.GetUpper());
        Within128Bits(ref a0, ref b0, ref c0, ref d0);
        Within128Bits(ref a1, ref b1, ref c1, ref d1);
        (a, b, c, d) = (Vector512.Create(a0, a1), Vector512.Create(b0, b1), Vector512.Create(c0, c1), Vector512.Create(d0, d1));
    }

    [MethodImpl(Inline)]
    public static void Within128Bits(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        if (Avx.IsSupported)
        {
            var (abLow, abHigh) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
            var (cdLow, cdHigh) = (Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
            a = Avx.Shuffle(abLow, cdLow, LowerHalves);
            b = Avx.Shuffle(abLow, cdLow, UpperHalves);
            c = Avx.Shuffle(abHigh, cdHigh, LowerHalves);
            d = Avx.Shuffle(abHigh, cdHigh, UpperHalves);
            return;
        }

        var (a0, b0, c0, d0) = (a.GetLower(), b.GetLower(), c.GetLower(), d.GetLower());
        var (a1, b1, c1, d1) = (a.GetUpper(), b.GetUpper(), c.GetUpper(), d.GetUpper());
        Within128Bits(ref a0, ref b0, ref c0, ref d0);
        Within128Bits(ref a1, ref b1, ref c1, ref d1);
        (a, b, c, d) = (Vector256.Create(a0, a1), Vector256.Create(b0, b1), Vector256.Create(c0, c1), Vector256.Create(d0, d1));
    }

    [MethodImpl(Inline)]
    public static void Within128Bits(ref Vector128<float> a, ref Vector128<float> b, ref Vector128<float> c, ref Vector128<float> d)
    {
        Zip(a, b, out var abLow, out var abHigh);
        Zip(c, d, out var cdLow, out var cdHigh);
        JoinHalves(abLow, cdLow, out a, out b);
        JoinHalves(abHigh, cdHigh, out c, out d);
    }

    /// <summary>Joins the lower halves of both, and the upper ones.</summary>
    [MethodImpl(Inline)]
    private static void JoinHalves(Vector128<float> a, Vector128<float> b, out Vector128<float> lower, out Vector128<float> upper)
    {
        if (Sse.IsSupported)
            (lower, upper) = (Sse.Shuffle(a, b, LowerHalves), Sse.Shuffle(a, b, UpperHalves));
        else if (AdvSimd.Arm64.IsSupported)
            (lower, upper) =
                (AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble()).AsSingle(), AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble()).AsSingle());
        else
            (lower, upper) = (Vector128.Create(a.GetLower(), b.GetLower()), Vector128.Create(a.GetUpper(), b.GetUpper()));
    }

    /// <summary>Splits pairs, within each 128 bits, into their first and their second values.</summary>
    [MethodImpl(Inline)]
    public static void Unzip(Vector512<float> a, Vector512<float> b, out Vector512<float> first, out Vector512<float> second)
    {
        if (Avx512F.IsSupported)
        {
            first = Avx512F.Shuffle(a, b, EvenOnes);
            second = Avx512F.Shuffle(a, b, OddOnes);
            return;
        }

        Unzip(a.GetLower(), b.GetLower(), out var first0, out var second0);
        Unzip(a.GetUpper(), b.GetUpper(), out var first1, out var second1);
        (first, second) = (Vector512.Create(first0, first1), Vector512.Create(second0, second1));
    }

    [MethodImpl(Inline)]
    public static void Unzip(Vector256<float> a, Vector256<float> b, out Vector256<float> first, out Vector256<float> second)
    {
        if (Avx.IsSupported)
        {
            first = Avx.Shuffle(a, b, EvenOnes);
            second = Avx.Shuffle(a, b, OddOnes);
            return;
        }

        Unzip(a.GetLower(), b.GetLower(), out var first0, out var second0);
        Unzip(a.GetUpper(), b.GetUpper(), out var first1, out var second1);
        (first, second) = (Vector256.Create(first0, first1), Vector256.Create(second0, second1));
    }

    [MethodImpl(Inline)]
    public static void Unzip(Vector128<float> a, Vector128<float> b, out Vector128<float> first, out Vector128<float> second)
    {
        if (Sse.IsSupported)
            (first, second) = (Sse.Shuffle(a, b, EvenOnes), Sse.Shuffle(a, b, OddOnes));
        else if (AdvSimd.Arm64.IsSupported)
            (first, second) = (AdvSimd.Arm64.UnzipEven(a, b), AdvSimd.Arm64.UnzipOdd(a, b));
        else
            (first, second) = (Vector128.Create(a[0], a[2], b[0], b[2]), Vector128.Create(a[1], a[3], b[1], b[3]));
    }

    /// <summary>Undoes <see cref="Unzip(Vector512{float}, Vector512{float}, out Vector512{float}, out Vector512{float})"/>.</summary>
    [MethodImpl(Inline)]
    public static void Zip(Vector512<float> first, Vector512<float> second, out Vector512<float> a, out Vector512<float> b)
    {
        if (Avx512F.IsSupported)
        {
            a = Avx512F.UnpackLow(first, second);
            b = Avx512F.UnpackHigh(first, second);
            return;
        }

        Zip(first.GetLower(), second.GetLower(), out var a0, out var b0);
        Zip(first.GetUpper(), second.GetUpper(), out var a1, out var b1);
        (a, b) = (Vector512.Create(a0, a1), Vector512.Create(b0, b1));
    }

    [MethodImpl(Inline)]
    public static void Zip(Vector256<float> first, Vector256<float> second, out Vector256<float> a, out Vector256<float> b)
    {
        if (Avx.IsSupported)
        {
            a = Avx.UnpackLow(first, second);
            b = Avx.UnpackHigh(first, second);
            return;
        }

        Zip(first.GetLower(), second.GetLower(), out var a0, out var b0);
        Zip(first.GetUpper(), second.GetUpper(), out var a1, out var b1);
        (a, b) = (Vector256.Create(a0, a1), Vector256.Create(b0, b1));
    }

    [MethodImpl(Inline)]
    public static void Zip(Vector128<float> first, Vector128<float> second, out Vector128<float> a, out Vector128<float> b)
    {
        if (Sse.IsSupported)
            (a, b) = (Sse.UnpackLow(first, second), Sse.UnpackHigh(first, second));
        else if (AdvSimd.Arm64.IsSupported)
            (a, b) = (AdvSimd.Arm64.ZipLow(first, second), AdvSimd.Arm64.ZipHigh(first, second));
        else
            (a, b) = (Vector128.Create(first[0], second[0], first[1], second[1]),
                Vector128.Create(first[2], second[2], first[3], second[3]));
    }
}

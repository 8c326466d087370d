using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes256
{
    [MethodImpl(Inline)]
    public static void LoadPairs(float* source, out Lanes256 first, out Lanes256 second)
    {
        var (a, b) = (Vector256.Load(source), Vector256.Load(source + Count));
        Transposition.Unzip(a, b, out a, out b);
        (first, second) = (new(a), new(b));
    }

    [MethodImpl(Inline)]
    public static void StorePairs(float* target, Lanes256 first, Lanes256 second)
    {
        Transposition.Zip(first.value, second.value, out var a, out var b);
        a.Store(target);
        b.Store(target + Count);
    }

    [MethodImpl(Inline)]
    public static void LoadColumns(float* source, nint stride, Lanes256* columns)
    {
        var (a, b, c, d) = (EveryFourthRow(source, stride), EveryFourthRow(source + stride, stride),
            EveryFourthRow(source + (2 * stride), stride), EveryFourthRow(source + (3 * stride), stride));
        Transposition.Within128Bits(ref a, ref b, ref c, ref d);
        (columns[0], columns[1], columns[2], columns[3]) = (new(a), new(b), new(c), new(d));
    }

    [MethodImpl(Inline)]
    public static void StoreColumns(float* target, nint stride, Lanes256 first, Lanes256 second, Lanes256 third, Lanes256 fourth)
    {
        var (a, b, c, d) = (first.value, second.value, third.value, fourth.value);
        Transposition.Within128Bits(ref a, ref b, ref c, ref d);
        StoreEveryFourthRow(a, target, stride);
        StoreEveryFourthRow(b, target + stride, stride);
        StoreEveryFourthRow(c, target + (2 * stride), stride);
        StoreEveryFourthRow(d, target + (3 * stride), stride);
    }

    [MethodImpl(Inline)]
    private static Vector256<float> EveryFourthRow(float* source, nint stride) =>
        Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride)));

    [MethodImpl(Inline)]
    private static void StoreEveryFourthRow(Vector256<float> row, float* target, nint stride)
    {
        row.GetLower().Store(target);
        row.GetUpper().Store(target + (4 * stride));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes512
{
    [MethodImpl(Inline)]
    public static void LoadPairs(float* source, out Lanes512 first, out Lanes512 second)
    {
        var (a, b) = (Vector512.Load(source), Vector512.Load(source + Count));
        Transposition.Unzip(a, b, out a, out b);
        (first, second) = (new(a), new(b));
    }

    [MethodImpl(Inline)]
    public static void StorePairs(float* target, Lanes512 first, Lanes512 second)
    {
        Transposition.Zip(first.value, second.value, out var a, out var b);
        a.Store(target);
        b.Store(target + Count);
    }

    [MethodImpl(Inline)]
    public static void LoadColumns(float* source, nint stride, Lanes512* columns)
    {
        var (a, b, c, d) = (EveryFourthRow(source, stride), EveryFourthRow(source + stride, stride),
            EveryFourthRow(source + (2 * stride), stride), EveryFourthRow(source + (3 * stride), stride));
        Transposition.Within128Bits(ref a, ref b, ref c, ref d);
        (columns[0], columns[1], columns[2], columns[3]) = (new(a), new(b), new(c), new(d));
    }

    [MethodImpl(Inline)]
    public static void StoreColumns(float* target, nint stride, Lanes512 first, Lanes512 second, Lanes512 third, Lanes512 fourth)
    {
        var (a, b, c, d) = (first.value, second.value, third.value, fourth.value);
        Transposition.Within128Bits(ref a, ref b, ref c, ref d);
        StoreEveryFourthRow(a, target, stride);
        StoreEveryFourthRow(b, target + stride, stride);
        StoreEveryFourthRow(c, target + (2 * stride), stride);
        StoreEveryFourthRow(d, target + (3 * stride), stride);
    }

    [MethodImpl(Inline)]
    private static Vector512<float> EveryFourthRow(float* source, nint stride)
        => Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))).ToVector512Unsafe()
            .WithUpper(Vector256.Create(Vector128.Load(source + (8 * stride)), Vector128.Load(source + (12 * stride))));

    [MethodImpl(Inline)]
    private static void StoreEveryFourthRow(Vector512<float> row, float* target, nint stride)
    {
        row.GetLower().GetLower().Store(target);
        row.GetLower().GetUpper().Store(target + (4 * stride));
        row.GetUpper().GetLower().Store(target + (8 * stride));
        row.GetUpper().GetUpper().Store(target + (12 * stride));
    }
}

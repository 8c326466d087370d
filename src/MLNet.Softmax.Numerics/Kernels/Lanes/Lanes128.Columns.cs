using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes128
{
    [MethodImpl(Inline)]
    public static void LoadPairs(float* source, out Lanes128 first, out Lanes128 second)
    {
        var (a, b) = (Vector128.Load(source), Vector128.Load(source + Count));
        Transposition.Unzip(a, b, out a, out b);
        (first, second) = (new(a), new(b));
    }

    [MethodImpl(Inline)]
    public static void StorePairs(float* target, Lanes128 first, Lanes128 second)
    {
        Transposition.Zip(first.value, second.value, out var a, out var b);
        a.Store(target);
        b.Store(target + Count);
    }

    [MethodImpl(Inline)]
    public static void LoadColumns(float* source, nint stride, Lanes128* columns)
    {
        var (a, b, c, d) = (Vector128.Load(source), Vector128.Load(source + stride),
            Vector128.Load(source + (2 * stride)), Vector128.Load(source + (3 * stride)));
        Transposition.Within128Bits(ref a, ref b, ref c, ref d);
        (columns[0], columns[1], columns[2], columns[3]) = (new(a), new(b), new(c), new(d));
    }

    [MethodImpl(Inline)]
    public static void StoreColumns(float* target, nint stride, Lanes128 first, Lanes128 second, Lanes128 third, Lanes128 fourth)
    {
        var (a, b, c, d) = (first.value, second.value, third.value, fourth.value);
        Transposition.Within128Bits(ref a, ref b, ref c, ref d);
        a.Store(target);
        b.Store(target + stride);
        c.Store(target + (2 * stride));
        d.Store(target + (3 * stride));
    }
}

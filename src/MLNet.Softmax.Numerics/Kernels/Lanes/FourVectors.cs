namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Four vectors that take each step together. The processor looks only a limited distance ahead: one vector after the other would make it
/// wait for unfinished results. Needs AVX-512, which has enough registers.
/// </summary>
[method: MethodImpl(Hot.Inline)]
internal readonly unsafe struct FourVectors(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
{
    public readonly Vector512<float> A = a;
    public readonly Vector512<float> B = b;
    public readonly Vector512<float> C = c;
    public readonly Vector512<float> D = d;

    /// <summary>The sum of the four.</summary>
    public Vector512<float> Sum { [MethodImpl(Hot.Inline)] get => (A + B) + (C + D); }

    /// <summary>The bits that are set in any lane.</summary>
    public Vector512<int> Bits { [MethodImpl(Hot.Inline)] get => (A.AsInt32() | B.AsInt32()) | (C.AsInt32() | D.AsInt32()); }

    [MethodImpl(Hot.Inline)]
    public static FourVectors Load(float* source)
        => new(Vector512.Load(source), Vector512.Load(source + 16), Vector512.Load(source + 32), Vector512.Load(source + 48));

    [MethodImpl(Hot.Inline)]
    public void Store(float* target)
    {
        A.Store(target);
        B.Store(target + 16);
        C.Store(target + 32);
        D.Store(target + 48);
    }

    [MethodImpl(Hot.Inline)]
    public static FourVectors operator +(in FourVectors x, in FourVectors y) => new(x.A + y.A, x.B + y.B, x.C + y.C, x.D + y.D);

    [MethodImpl(Hot.Inline)]
    public static FourVectors operator -(in FourVectors x, in FourVectors y) => new(x.A - y.A, x.B - y.B, x.C - y.C, x.D - y.D);

    [MethodImpl(Hot.Inline)]
    public static FourVectors operator -(in FourVectors x, Vector512<float> y) => new(x.A - y, x.B - y, x.C - y, x.D - y);

    /// <summary>The larger; x if either is NaN.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors Max(Vector512<float> least, in FourVectors x)
        => new(Avx512F.Max(least, x.A), Avx512F.Max(least, x.B), Avx512F.Max(least, x.C), Avx512F.Max(least, x.D));

    /// <summary>x y + z.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors MultiplyAdd(in FourVectors x, Vector512<float> y, Vector512<float> z)
        => new(Vector512.FusedMultiplyAdd(x.A, y, z), Vector512.FusedMultiplyAdd(x.B, y, z),
            Vector512.FusedMultiplyAdd(x.C, y, z), Vector512.FusedMultiplyAdd(x.D, y, z));

    /// <summary>z - x y.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors SubtractProduct(in FourVectors z, in FourVectors x, Vector512<float> y)
        => new(Avx512F.FusedMultiplyAddNegated(x.A, y, z.A), Avx512F.FusedMultiplyAddNegated(x.B, y, z.B),
            Avx512F.FusedMultiplyAddNegated(x.C, y, z.C), Avx512F.FusedMultiplyAddNegated(x.D, y, z.D));

    /// <summary>x (high + low) - n, without rounding the product.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors Rest(in FourVectors x, Vector512<float> high, Vector512<float> low, in FourVectors n)
    {
        var (a, b) = (Avx512F.FusedMultiplySubtract(x.A, high, n.A), Avx512F.FusedMultiplySubtract(x.B, high, n.B));
        var (c, d) = (Avx512F.FusedMultiplySubtract(x.C, high, n.C), Avx512F.FusedMultiplySubtract(x.D, high, n.D));
        return new(Vector512.FusedMultiplyAdd(x.A, low, a), Vector512.FusedMultiplyAdd(x.B, low, b),
            Vector512.FusedMultiplyAdd(x.C, low, c), Vector512.FusedMultiplyAdd(x.D, low, d));
    }

    /// <summary>Selects for each lane one of 16 values, by its lowest bits.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors Lookup(Vector512<float> values, in FourVectors lanes)
        => new(Avx512F.PermuteVar16x32(values, lanes.A.AsInt32()), Avx512F.PermuteVar16x32(values, lanes.B.AsInt32()),
            Avx512F.PermuteVar16x32(values, lanes.C.AsInt32()), Avx512F.PermuteVar16x32(values, lanes.D.AsInt32()));

    /// <summary>x times 2^floor(power); may underflow or overflow.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors Scale(in FourVectors x, in FourVectors power)
        => new(Avx512F.Scale(x.A, power.A), Avx512F.Scale(x.B, power.B), Avx512F.Scale(x.C, power.C), Avx512F.Scale(x.D, power.D));

    /// <summary>See <see cref="Lanes512.Power(Vector512{int}, Vector512{float})"/>.</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors Power(Vector512<int> steps, in FourVectors rounded)
        => new(Lanes512.Power(steps, rounded.A), Lanes512.Power(steps, rounded.B),
            Lanes512.Power(steps, rounded.C), Lanes512.Power(steps, rounded.D));

    /// <summary>power (1 + r (linear + square r + cubic r^2)).</summary>
    [MethodImpl(Hot.Inline)]
    public static FourVectors Combine(
        in FourVectors power, in FourVectors r, Vector512<float> linear, Vector512<float> square, Vector512<float> cubic)
    {
        var q = MultiplyAdd(r, cubic, square);
        var (a, b) = (Vector512.FusedMultiplyAdd(q.A, r.A, linear), Vector512.FusedMultiplyAdd(q.B, r.B, linear));
        var (c, d) = (Vector512.FusedMultiplyAdd(q.C, r.C, linear), Vector512.FusedMultiplyAdd(q.D, r.D, linear));
        (a, b, c, d) = (a * r.A, b * r.B, c * r.C, d * r.D);
        return new(Vector512.FusedMultiplyAdd(a, power.A, power.A), Vector512.FusedMultiplyAdd(b, power.B, power.B),
            Vector512.FusedMultiplyAdd(c, power.C, power.C), Vector512.FusedMultiplyAdd(d, power.D, power.D));
    }
}

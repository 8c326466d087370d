namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>8 floats: AVX2 with FMA.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> value = value;

    [MethodImpl(Hot.Inline)]
    private Lanes256(Lanes128 lower, Lanes128 upper)
        : this(Vector256.Create(lower.Value, upper.Value))
    {
    }

    public static int Count => 8;

    public Vector256<float> Value => value;

    private Lanes128 Lower => new(value.GetLower());

    private Lanes128 Upper => new(value.GetUpper());

    [MethodImpl(Hot.Inline)] public static Lanes256 Create(float value) => new(Vector256.Create(value));
    [MethodImpl(Hot.Inline)] public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 LoadPartial(float* source, int count, Lanes256 fill)
    {
        if (Avx.IsSupported)
        {
            var first = FirstLanes(count);
            return new(Vector256.ConditionalSelect(first, Avx.MaskLoad(source, first), fill.value));
        }

        Unsafe.CopyBlockUnaligned(&fill, source, (uint)count * sizeof(float));
        return fill;
    }

    [MethodImpl(Hot.Inline)] public static void Store(float* target, Lanes256 value) => value.value.Store(target);

    [MethodImpl(Hot.Inline)]
    public static void StorePartial(float* target, int count, Lanes256 value)
    {
        if (count == 8)
        {
            value.value.Store(target);
            return;
        }

        var half = value.value.GetLower();
        if ((count & 4) != 0)
        {
            half.Store(target);
            target += 4;
            half = value.value.GetUpper();
        }

        Lanes128.StorePartial(target, count & 3, new Lanes128(half));
    }

    [MethodImpl(Hot.Inline)] public static void Stream(float* target, Lanes256 value) => value.value.StoreAlignedNonTemporal(target);
    [MethodImpl(Hot.Inline)] public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left.value + right.value);
    [MethodImpl(Hot.Inline)] public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left.value - right.value);
    [MethodImpl(Hot.Inline)] public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left.value * right.value);
    [MethodImpl(Hot.Inline)] public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left.value / right.value);

    [MethodImpl(Hot.Inline)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 Max(Lanes256 left, Lanes256 right) => new(Avx.IsSupported
        ? Avx.Max(left.value, right.value)
        : Vector256.ConditionalSelect(Vector256.GreaterThan(left.value, right.value), left.value, right.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 Min(Lanes256 left, Lanes256 right) => new(Avx.IsSupported
        ? Avx.Min(left.value, right.value)
        : Vector256.ConditionalSelect(Vector256.LessThan(left.value, right.value), left.value, right.value));

    public static float Rounder => WholePowers.BiasedRounder;

    [MethodImpl(Hot.Inline)]
    public static Lanes256 Combine(Lanes256 rounded, Lanes256 rest)
        => WholePowers.Combine(new Lanes256((rounded.value.AsInt32() << WholePowers.ExponentPosition).AsSingle()), rest);

    [MethodImpl(Hot.Inline)]
    public static uint GreaterThan(Lanes256 left, Lanes256 right) =>
        Vector256.GreaterThan(left.value, right.value).ExtractMostSignificantBits();

    [MethodImpl(Hot.Inline)]
    public static uint GreaterThanOrEqual(Lanes256 left, Lanes256 right) =>
        Vector256.GreaterThanOrEqual(left.value, right.value).ExtractMostSignificantBits();

    [MethodImpl(Hot.Inline)]
    public static bool AllWithin(Lanes256 value, Lanes256 limit) => Vector256.LessThanOrEqualAll(Vector256.Abs(value.value), limit.value);

    [MethodImpl(Hot.Inline)]
    public static Lanes256 SelectGreater(Lanes256 left, Lanes256 right, Lanes256 ifTrue, Lanes256 ifFalse)
        => new(Vector256.ConditionalSelect(Vector256.GreaterThan(left.value, right.value), ifTrue.value, ifFalse.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 SplitPowerOfTwo(Lanes256 value, out Lanes256 power)
    {
        var bits = value.value.AsInt32();
        var exponent = (bits - Vector256.Create(Logarithm<Lanes256>.SplitAt)) >> 23;
        power = new(Vector256.ConvertToSingle(exponent));
        return new((bits - (exponent << 23)).AsSingle());
    }

    [MethodImpl(Hot.Inline)]
    public static Lanes256 ZipLow(Lanes256 a, Lanes256 b)
        => Avx.IsSupported ? new(Avx.UnpackLow(a.value, b.value))
            : new(Lanes128.ZipLow(a.Lower, b.Lower), Lanes128.ZipLow(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 ZipHigh(Lanes256 a, Lanes256 b)
        => Avx.IsSupported ? new(Avx.UnpackHigh(a.value, b.value))
            : new(Lanes128.ZipHigh(a.Lower, b.Lower), Lanes128.ZipHigh(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 EvenOnes(Lanes256 a, Lanes256 b)
        => Avx.IsSupported ? new(Avx.Shuffle(a.value, b.value, 0x88))
            : new(Lanes128.EvenOnes(a.Lower, b.Lower), Lanes128.EvenOnes(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static Lanes256 OddOnes(Lanes256 a, Lanes256 b)
        => Avx.IsSupported ? new(Avx.Shuffle(a.value, b.value, 0xDD))
            : new(Lanes128.OddOnes(a.Lower, b.Lower), Lanes128.OddOnes(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static void Transpose(ref Lanes256 a, ref Lanes256 b, ref Lanes256 c, ref Lanes256 d)
    {
        if (!Avx.IsSupported)
        {
            Transposition<Lanes256>.Transpose(ref a, ref b, ref c, ref d);
            return;
        }

        var (acLow, acHigh) = (Avx.UnpackLow(a.value, c.value), Avx.UnpackHigh(a.value, c.value));
        var (bdLow, bdHigh) = (Avx.UnpackLow(b.value, d.value), Avx.UnpackHigh(b.value, d.value));
        (a, b) = (new(Avx.UnpackLow(acLow, bdLow)), new(Avx.UnpackHigh(acLow, bdLow)));
        (c, d) = (new(Avx.UnpackLow(acHigh, bdHigh)), new(Avx.UnpackHigh(acHigh, bdHigh)));
    }

    [MethodImpl(Hot.Inline)]
    public static Lanes256 LoadEveryFourthRow(float* source, nint stride)
        => new(Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))));

    [MethodImpl(Hot.Inline)]
    public static void StoreEveryFourthRow(float* target, nint stride, Lanes256 rows)
    {
        rows.value.GetLower().Store(target);
        rows.value.GetUpper().Store(target + (4 * stride));
    }

    [MethodImpl(Hot.Inline)]
    public static double SumInDouble(Lanes256 value)
    {
        var (lower, upper) = Vector256.Widen(value.value);
        return Vector256.Sum(lower + upper);
    }

    [MethodImpl(Hot.Inline)]
    public static float Sum(Lanes256 value) => Lanes128.Sum(new Lanes128(value.value.GetLower() + value.value.GetUpper()));

    [MethodImpl(Hot.Inline)]
    public static float MaxAcross(Lanes256 value)
        => Lanes128.MaxAcross(Lanes128.Max(new Lanes128(value.value.GetLower()), new Lanes128(value.value.GetUpper())));

    [MethodImpl(Hot.Inline)]
    private static Vector256<float> FirstLanes(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(Hot.Inline)]
    public static int PackReaching(Lanes256 value, Lanes256 limit, int firstIndex, float* values, int* indices)
    {
        var reaching = GreaterThanOrEqual(value, limit);
        var packed = Packing.Write(value.value.GetLower(), reaching & 0xF, firstIndex, values, indices);
        return packed + Packing.Write(value.value.GetUpper(), reaching >> 4, firstIndex + 4, values + packed, indices + packed);
    }
}

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>16 floats: AVX-512.</summary>
internal readonly unsafe partial struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> value = value;

    [MethodImpl(Hot.Inline)]
    private Lanes512(Lanes256 lower, Lanes256 upper)
        : this(Vector512.Create(lower.Value, upper.Value))
    {
    }

    public static int Count => 16;

    public Vector512<float> Value => value;

    private Lanes256 Lower => new(value.GetLower());

    private Lanes256 Upper => new(value.GetUpper());

    [MethodImpl(Hot.Inline)] public static Lanes512 Create(float value) => new(Vector512.Create(value));
    [MethodImpl(Hot.Inline)] public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 LoadPartial(float* source, int count, Lanes512 fill)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.MaskLoad(source, FirstLanes(count), fill.value));
        Unsafe.CopyBlockUnaligned(&fill, source, (uint)count * sizeof(float));
        return fill;
    }

    [MethodImpl(Hot.Inline)] public static void Store(float* target, Lanes512 value) => value.value.Store(target);

    [MethodImpl(Hot.Inline)]
    public static void StorePartial(float* target, int count, Lanes512 value)
    {
        if (Avx512F.IsSupported)
            Avx512F.MaskStore(target, FirstLanes(count), value.value);
        else
            Unsafe.CopyBlockUnaligned(target, &value, (uint)count * sizeof(float));
    }

    [MethodImpl(Hot.Inline)] public static void Stream(float* target, Lanes512 value) => value.value.StoreAlignedNonTemporal(target);
    [MethodImpl(Hot.Inline)] public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left.value + right.value);
    [MethodImpl(Hot.Inline)] public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left.value - right.value);
    [MethodImpl(Hot.Inline)] public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left.value * right.value);
    [MethodImpl(Hot.Inline)] public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left.value / right.value);

    [MethodImpl(Hot.Inline)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 Max(Lanes512 left, Lanes512 right) => new(Avx512F.IsSupported
        ? Avx512F.Max(left.value, right.value)
        : Vector512.ConditionalSelect(Vector512.GreaterThan(left.value, right.value), left.value, right.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 Min(Lanes512 left, Lanes512 right) => new(Avx512F.IsSupported
        ? Avx512F.Min(left.value, right.value)
        : Vector512.ConditionalSelect(Vector512.LessThan(left.value, right.value), left.value, right.value));

    [MethodImpl(Hot.Inline)]
    public static uint GreaterThan(Lanes512 left, Lanes512 right) =>
        (uint)Vector512.GreaterThan(left.value, right.value).ExtractMostSignificantBits();

    [MethodImpl(Hot.Inline)]
    public static uint GreaterThanOrEqual(Lanes512 left, Lanes512 right) =>
        (uint)Vector512.GreaterThanOrEqual(left.value, right.value).ExtractMostSignificantBits();

    [MethodImpl(Hot.Inline)]
    public static bool AllWithin(Lanes512 value, Lanes512 limit) => Vector512.LessThanOrEqualAll(Vector512.Abs(value.value), limit.value);

    [MethodImpl(Hot.Inline)]
    public static Lanes512 SelectGreater(Lanes512 left, Lanes512 right, Lanes512 ifTrue, Lanes512 ifFalse)
        => new(Vector512.ConditionalSelect(Vector512.GreaterThan(left.value, right.value), ifTrue.value, ifFalse.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 SplitPowerOfTwo(Lanes512 value, out Lanes512 power)
    {
        var bits = value.value.AsInt32();
        var exponent = (bits - Vector512.Create(Logarithm<Lanes512>.SplitAt)) >> 23;
        power = new(Vector512.ConvertToSingle(exponent));
        return new((bits - (exponent << 23)).AsSingle());
    }

    [MethodImpl(Hot.Inline)]
    public static Lanes512 ZipLow(Lanes512 a, Lanes512 b)
        => Avx512F.IsSupported ? new(Avx512F.UnpackLow(a.value, b.value))
            : new(Lanes256.ZipLow(a.Lower, b.Lower), Lanes256.ZipLow(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 ZipHigh(Lanes512 a, Lanes512 b)
        => Avx512F.IsSupported ? new(Avx512F.UnpackHigh(a.value, b.value))
            : new(Lanes256.ZipHigh(a.Lower, b.Lower), Lanes256.ZipHigh(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 EvenOnes(Lanes512 a, Lanes512 b)
        => Avx512F.IsSupported ? new(Avx512F.Shuffle(a.value, b.value, 0x88))
            : new(Lanes256.EvenOnes(a.Lower, b.Lower), Lanes256.EvenOnes(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static Lanes512 OddOnes(Lanes512 a, Lanes512 b)
        => Avx512F.IsSupported ? new(Avx512F.Shuffle(a.value, b.value, 0xDD))
            : new(Lanes256.OddOnes(a.Lower, b.Lower), Lanes256.OddOnes(a.Upper, b.Upper));

    [MethodImpl(Hot.Inline)]
    public static void Transpose(ref Lanes512 a, ref Lanes512 b, ref Lanes512 c, ref Lanes512 d)
    {
        if (!Avx512F.IsSupported)
        {
            Transposition<Lanes512>.Transpose(ref a, ref b, ref c, ref d);
            return;
        }

        var (acLow, acHigh) = (Avx512F.UnpackLow(a.value, c.value), Avx512F.UnpackHigh(a.value, c.value));
        var (bdLow, bdHigh) = (Avx512F.UnpackLow(b.value, d.value), Avx512F.UnpackHigh(b.value, d.value));
        (a, b) = (new(Avx512F.UnpackLow(acLow, bdLow)), new(Avx512F.UnpackHigh(acLow, bdLow)));
        (c, d) = (new(Avx512F.UnpackLow(acHigh, bdHigh)), new(Avx512F.UnpackHigh(acHigh, bdHigh)));
    }

    [MethodImpl(Hot.Inline)]
    public static Lanes512 LoadEveryFourthRow(float* source, nint stride)
        => new(Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))).ToVector512Unsafe()
            .WithUpper(Vector256.Create(Vector128.Load(source + (8 * stride)), Vector128.Load(source + (12 * stride)))));

    [MethodImpl(Hot.Inline)]
    public static void StoreEveryFourthRow(float* target, nint stride, Lanes512 rows)
    {
        rows.value.GetLower().GetLower().Store(target);
        rows.value.GetLower().GetUpper().Store(target + (4 * stride));
        rows.value.GetUpper().GetLower().Store(target + (8 * stride));
        rows.value.GetUpper().GetUpper().Store(target + (12 * stride));
    }

    [MethodImpl(Hot.Inline)] public static double SumInDouble(Lanes512 value) => Sum(ToDouble(value.value));

    /// <summary>Sums of two lanes each.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<double> ToDouble(Vector512<float> value)
    {
        var (lower, upper) = Vector512.Widen(value);
        return lower + upper;
    }

    [MethodImpl(Hot.Inline)] public static double Sum(Vector512<double> value) => Vector256.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(Hot.Inline)]
    public static float Sum(Lanes512 value) => Lanes256.Sum(new Lanes256(value.value.GetLower() + value.value.GetUpper()));

    [MethodImpl(Hot.Inline)]
    public static float MaxAcross(Lanes512 value)
        => Lanes256.MaxAcross(Lanes256.Max(new Lanes256(value.value.GetLower()), new Lanes256(value.value.GetUpper())));

    /// <summary>All bits set in the first <paramref name="count"/> lanes, from none to all.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> FirstLanes(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(Hot.Inline)]
    public static int PackReaching(Lanes512 value, Lanes512 limit, int firstIndex, float* values, int* indices)
    {
        var reaching = Vector512.GreaterThanOrEqual(value.value, limit.value);
        if (!Avx512F.IsSupported)
        {
            var packed = Lanes256.PackReaching(value.Lower, limit.Lower, firstIndex, values, indices);
            return packed + Lanes256.PackReaching(value.Upper, limit.Upper, firstIndex + 8, values + packed, indices + packed);
        }

        Avx512F.Compress(Vector512<float>.Zero, reaching, value.value).Store(values);
        Avx512F.Compress(Vector512<int>.Zero, reaching.AsInt32(), Vector512<int>.Indices + Vector512.Create(firstIndex)).Store(indices);
        return BitOperations.PopCount((uint)reaching.ExtractMostSignificantBits());
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>4 floats: SSE and Arm's AdvSimd.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private readonly Vector128<float> value = value;

    public static int Count => 4;

    public Vector128<float> Value => value;

    [MethodImpl(Hot.Inline)] public static Lanes128 Create(float value) => new(Vector128.Create(value));
    [MethodImpl(Hot.Inline)] public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 LoadPartial(float* source, int count, Lanes128 fill) => count switch
    {
        4 => Load(source),
        3 => new(Vector128.Create(source[0], source[1], source[2], fill.value[3])),
        2 => new(Vector128.Create(source[0], source[1], fill.value[2], fill.value[3])),
        1 => new(fill.value.WithElement(0, source[0])),
        _ => fill,
    };

    [MethodImpl(Hot.Inline)] public static void Store(float* target, Lanes128 value) => value.value.Store(target);

    [MethodImpl(Hot.Inline)]
    public static void StorePartial(float* target, int count, Lanes128 value)
    {
        if (count == 4)
        {
            value.value.Store(target);
            return;
        }

        if (count > 0)
            target[0] = value.value[0];
        if (count > 1)
            target[1] = value.value[1];
        if (count > 2)
            target[2] = value.value[2];
    }

    [MethodImpl(Hot.Inline)] public static void Stream(float* target, Lanes128 value) => value.value.StoreAlignedNonTemporal(target);
    [MethodImpl(Hot.Inline)] public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left.value + right.value);
    [MethodImpl(Hot.Inline)] public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left.value - right.value);
    [MethodImpl(Hot.Inline)] public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left.value * right.value);
    [MethodImpl(Hot.Inline)] public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left.value / right.value);

    [MethodImpl(Hot.Inline)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 Max(Lanes128 left, Lanes128 right) => new(Sse.IsSupported
        ? Sse.Max(left.value, right.value)
        : Vector128.ConditionalSelect(Vector128.GreaterThan(left.value, right.value), left.value, right.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 Min(Lanes128 left, Lanes128 right) => new(Sse.IsSupported
        ? Sse.Min(left.value, right.value)
        : Vector128.ConditionalSelect(Vector128.LessThan(left.value, right.value), left.value, right.value));

    public static float Rounder => WholePowers.BiasedRounder;

    [MethodImpl(Hot.Inline)]
    public static Lanes128 Combine(Lanes128 rounded, Lanes128 rest)
        => WholePowers.Combine(new Lanes128((rounded.value.AsInt32() << WholePowers.ExponentPosition).AsSingle()), rest);

    [MethodImpl(Hot.Inline)]
    public static uint GreaterThan(Lanes128 left, Lanes128 right) =>
        Vector128.GreaterThan(left.value, right.value).ExtractMostSignificantBits();

    [MethodImpl(Hot.Inline)]
    public static uint GreaterThanOrEqual(Lanes128 left, Lanes128 right) =>
        Vector128.GreaterThanOrEqual(left.value, right.value).ExtractMostSignificantBits();

    [MethodImpl(Hot.Inline)]
    public static bool AllWithin(Lanes128 value, Lanes128 limit) => Vector128.LessThanOrEqualAll(Vector128.Abs(value.value), limit.value);

    [MethodImpl(Hot.Inline)]
    public static Lanes128 SelectGreater(Lanes128 left, Lanes128 right, Lanes128 ifTrue, Lanes128 ifFalse)
        => new(Vector128.ConditionalSelect(Vector128.GreaterThan(left.value, right.value), ifTrue.value, ifFalse.value));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 SplitPowerOfTwo(Lanes128 value, out Lanes128 power)
    {
        var bits = value.value.AsInt32();
        var exponent = (bits - Vector128.Create(Logarithm<Lanes128>.SplitAt)) >> 23;
        power = new(Vector128.ConvertToSingle(exponent));
        return new((bits - (exponent << 23)).AsSingle());
    }

    [MethodImpl(Hot.Inline)]
    public static Lanes128 ZipLow(Lanes128 a, Lanes128 b)
        => new(Sse.IsSupported ? Sse.UnpackLow(a.value, b.value)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a.value, b.value)
            : Vector128.Create(a.value[0], b.value[0], a.value[1], b.value[1]));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 ZipHigh(Lanes128 a, Lanes128 b)
        => new(Sse.IsSupported ? Sse.UnpackHigh(a.value, b.value)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a.value, b.value)
            : Vector128.Create(a.value[2], b.value[2], a.value[3], b.value[3]));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 EvenOnes(Lanes128 a, Lanes128 b)
        => new(Sse.IsSupported ? Sse.Shuffle(a.value, b.value, 0x88)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipEven(a.value, b.value)
            : Vector128.Create(a.value[0], a.value[2], b.value[0], b.value[2]));

    [MethodImpl(Hot.Inline)]
    public static Lanes128 OddOnes(Lanes128 a, Lanes128 b)
        => new(Sse.IsSupported ? Sse.Shuffle(a.value, b.value, 0xDD)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipOdd(a.value, b.value)
            : Vector128.Create(a.value[1], a.value[3], b.value[1], b.value[3]));

    [MethodImpl(Hot.Inline)]
    public static void Transpose(ref Lanes128 a, ref Lanes128 b, ref Lanes128 c, ref Lanes128 d)
        => Transposition<Lanes128>.Transpose(ref a, ref b, ref c, ref d);

    [MethodImpl(Hot.Inline)] public static Lanes128 LoadEveryFourthRow(float* source, nint stride) => Load(source);
    [MethodImpl(Hot.Inline)] public static void StoreEveryFourthRow(float* target, nint stride, Lanes128 rows) => Store(target, rows);

    [MethodImpl(Hot.Inline)]
    public static double SumInDouble(Lanes128 value)
    {
        var (lower, upper) = Vector128.Widen(value.value);
        return Vector128.Sum(lower + upper);
    }

    [MethodImpl(Hot.Inline)]
    public static float Sum(Lanes128 value)
    {
        var halves = value.value + Vector128.Shuffle(value.value, Vector128.Create(2, 3, 0, 1));
        return (halves + Vector128.Shuffle(halves, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(Hot.Inline)]
    public static float MaxAcross(Lanes128 value)
    {
        var halves = Max(value, new Lanes128(Vector128.Shuffle(value.value, Vector128.Create(2, 3, 0, 1))));
        return Max(halves, new Lanes128(Vector128.Shuffle(halves.value, Vector128.Create(1, 0, 3, 2)))).value.ToScalar();
    }

    [MethodImpl(Hot.Inline)]
    public static int PackReaching(Lanes128 value, Lanes128 limit, int firstIndex, float* values, int* indices)
        => Packing.Write(value.value, GreaterThanOrEqual(value, limit), firstIndex, values, indices);
}

/// <summary>Packs some of four lanes without a special instruction.</summary>
internal static unsafe class Packing
{
    // For each set of lanes: the first lane in the lowest byte, and so on.
    private static ReadOnlySpan<uint> LanesOf =>
    [
        0x000000, 0x000000, 0x000001, 0x000100, 0x000002, 0x000200, 0x000201, 0x020100,
        0x000003, 0x000300, 0x000301, 0x030100, 0x000302, 0x030200, 0x030201, 0x03020100,
    ];

    /// <summary>
    /// Writes the wanted lanes, one bit each, and their indices; the rest of the four is arbitrary. Returns the number of wanted lanes.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static int Write(Vector128<float> value, uint wanted, int firstIndex, float* values, int* indices)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.Add(ref MemoryMarshal.GetReference(LanesOf), wanted)).AsByte();
        var lanes = Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
        Vector128.ShuffleNative(value, lanes).Store(values);
        (lanes + Vector128.Create(firstIndex)).Store(indices);
        return BitOperations.PopCount(wanted);
    }
}

using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>One float: for machines without vectors.</summary>
internal readonly unsafe partial struct Lanes32(float value) : ILanes<Lanes32>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // The bits of the square root of 1/2.
    private const int SplitAt = 0x3F3504F3;

    private readonly float value = value;

    public static int Count => 1;

    [MethodImpl(Inline)]
    public static Lanes32 Create(float value) => new(value);

    [MethodImpl(Inline)]
    public static Lanes32 Load(float* source) => new(*source);

    [MethodImpl(Inline)]
    public static Lanes32 LoadPartial(float* source, int count, Lanes32 fill) => count > 0 ? new(*source) : fill;

    [MethodImpl(Inline)]
    public static void Store(float* target, Lanes32 value) => *target = value.value;

    [MethodImpl(Inline)]
    public static void StorePartial(float* target, int count, Lanes32 value)
    {
        if (count > 0)
            *target = value.value;
    }

    [MethodImpl(Inline)]
    public static void Stream(float* target, Lanes32 value) => *target = value.value;

    [MethodImpl(Inline)]
    public static Lanes32 operator +(Lanes32 left, Lanes32 right) => new(left.value + right.value);

    [MethodImpl(Inline)]
    public static Lanes32 operator -(Lanes32 left, Lanes32 right) => new(left.value - right.value);

    [MethodImpl(Inline)]
    public static Lanes32 operator *(Lanes32 left, Lanes32 right) => new(left.value * right.value);

    [MethodImpl(Inline)]
    public static Lanes32 operator /(Lanes32 left, Lanes32 right) => new(left.value / right.value);

    [MethodImpl(Inline)]
    public static Lanes32 MultiplyAdd(Lanes32 a, Lanes32 b, Lanes32 c) => new(MathF.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Lanes32 Max(Lanes32 left, Lanes32 right) => left.value > right.value ? left : right;

    [MethodImpl(Inline)]
    public static Lanes32 Min(Lanes32 left, Lanes32 right) => left.value < right.value ? left : right;

    public static float Rounder => WholePowers.Rounder;

    [MethodImpl(Inline)]
    public static Lanes32 Reduce(Lanes32 score, Lanes32 high, Lanes32 low, Lanes32 rounder, out Lanes32 rounded) =>
        WholePowers.Reduce(score, high, low, rounder, out rounded);

    [MethodImpl(Inline)]
    public static Lanes32 Combine(Lanes32 rounded, Lanes32 rest)
        => WholePowers.Combine(new Lanes32(
            BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(rounded.value) << 23) + WholePowers.BitsOfOne)), rest);

    [MethodImpl(Inline)]
    public static uint GreaterThan(Lanes32 left, Lanes32 right) => left.value > right.value ? 1u : 0u;

    [MethodImpl(Inline)]
    public static uint GreaterThanOrEqual(Lanes32 left, Lanes32 right) => left.value >= right.value ? 1u : 0u;

    [MethodImpl(Inline)]
    public static bool AllWithin(Lanes32 value, Lanes32 limit) => MathF.Abs(value.value) <= limit.value;

    [MethodImpl(Inline)]
    public static Lanes32 SelectWithin(Lanes32 value, Lanes32 limit, Lanes32 ifTrue, Lanes32 ifFalse) =>
        MathF.Abs(value.value) <= limit.value ? ifTrue : ifFalse;

    [MethodImpl(Inline)]
    public static Lanes32 SelectGreater(Lanes32 left, Lanes32 right, Lanes32 ifTrue, Lanes32 ifFalse) =>
        left.value > right.value ? ifTrue : ifFalse;

    [MethodImpl(Inline)]
    public static Lanes32 SplitPowerOfTwo(Lanes32 value, out Lanes32 power)
    {
        var bits = BitConverter.SingleToInt32Bits(value.value);
        var exponent = (bits - SplitAt) >> 23;
        power = new(exponent);
        return new(BitConverter.Int32BitsToSingle(bits - (exponent << 23)));
    }

    [MethodImpl(Inline)]
    public static Lanes32 LogarithmOfMantissa(Lanes32 value, out Lanes32 power) => Logarithm<Lanes32>.ByPolynomial(value, out power);

    [MethodImpl(Inline)]
    public static void LoadPairs(float* source, out Lanes32 first, out Lanes32 second) =>
        (first, second) = (new(source[0]), new(source[1]));

    [MethodImpl(Inline)]
    public static void StorePairs(float* target, Lanes32 first, Lanes32 second) => (target[0], target[1]) = (first.value, second.value);

    [MethodImpl(Inline)]
    public static void LoadColumns(float* source, nint stride, Lanes32* columns)
    {
        for (var c = 0; c < 4; c++)
            columns[c] = new(source[c]);
    }

    [MethodImpl(Inline)]
    public static void StoreColumns(float* target, nint stride, Lanes32 first, Lanes32 second, Lanes32 third, Lanes32 fourth)
        => (target[0], target[1], target[2], target[3]) = (first.value, second.value, third.value, fourth.value);

    [MethodImpl(Inline)]
    public static bool AnyNonZero(Lanes32 value) => value.value != 0f;

    [MethodImpl(Inline)]
    public static double SumInDouble(Lanes32 value) => value.value;

    [MethodImpl(Inline)]
    public static float Sum(Lanes32 value) => value.value;

    [MethodImpl(Inline)]
    public static float MaxAcross(Lanes32 value) => value.value;
}

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// A vector of floats of one width, with exactly the operations that the kernels use. Every kernel is generic over it, so there is one
/// source for all widths; the compiler generates separate code for each.
/// </summary>
/// <remarks>All widths work on every machine, so that tests can force each; without hardware support they are slow.</remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>The number of floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Create(float value);
    static abstract TSelf Load(float* source);

    /// <summary>
    /// Loads <paramref name="count"/> floats, from none to all, and reads nothing beyond them; the other lanes get <paramref name="fill"/>.
    /// </summary>
    static abstract TSelf LoadPartial(float* source, int count, TSelf fill);

    static abstract void Store(float* target, TSelf value);

    /// <summary>Stores the first <paramref name="count"/> lanes, from none to all, and writes nothing beyond them.</summary>
    static abstract void StorePartial(float* target, int count, TSelf value);

    /// <summary>
    /// Stores directly to memory, to a target aligned to the vector's size. A fence must follow before other threads read it.
    /// </summary>
    static abstract void Stream(float* target, TSelf value);

    static abstract TSelf operator +(TSelf left, TSelf right);
    static abstract TSelf operator -(TSelf left, TSelf right);
    static abstract TSelf operator *(TSelf left, TSelf right);
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger; <paramref name="right"/> if either is NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The smaller; <paramref name="right"/> if either is NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>
    /// Adding it to a number of moderate size rounds that to the step of <see cref="Combine"/> in the last bits.
    /// </summary>
    static abstract float Rounder { get; }

    /// <summary>2^(n + p) 2^r for n + p from -126 to below 128; 0 for n + p = -127; meaningless for any other. NaN where r is.</summary>
    static abstract TSelf Combine(TSelf rounded, TSelf rest);

    /// <summary>One bit per lane, the first lane's lowest: whether left is greater than right.</summary>
    static abstract uint GreaterThan(TSelf left, TSelf right);

    /// <summary>One bit per lane, the first lane's lowest: whether left is at least right.</summary>
    static abstract uint GreaterThanOrEqual(TSelf left, TSelf right);

    /// <summary>Whether the absolute value of every lane is at most that of the limit; false if one is NaN.</summary>
    static abstract bool AllWithin(TSelf value, TSelf limit);

    /// <summary>
    /// Lane by lane: <paramref name="ifTrue"/> if left is greater than right, otherwise (also for NaN) <paramref name="ifFalse"/>.
    /// </summary>
    static abstract TSelf SelectGreater(TSelf left, TSelf right, TSelf ifTrue, TSelf ifFalse);

    /// <summary>Splits positive normal numbers into a mantissa from about 0.7071 to 1.4142 and a whole power of two.</summary>
    static abstract TSelf SplitPowerOfTwo(TSelf value, out TSelf power);

    /// <summary>Returns ln(value) - power * ln 2, at most ln 2, and the whole power, for positive normal numbers; NaN for NaN.</summary>
    static virtual TSelf LogarithmOfMantissa(TSelf value, out TSelf power) => Logarithm<TSelf>.ByPolynomial(value, out power);

    /// <summary>Within each 128 bits: a0 b0 a1 b1.</summary>
    static abstract TSelf ZipLow(TSelf a, TSelf b);

    /// <summary>Within each 128 bits: a2 b2 a3 b3.</summary>
    static abstract TSelf ZipHigh(TSelf a, TSelf b);

    /// <summary>Within each 128 bits: a0 a2 b0 b2.</summary>
    static abstract TSelf EvenOnes(TSelf a, TSelf b);

    /// <summary>Within each 128 bits: a1 a3 b1 b3.</summary>
    static abstract TSelf OddOnes(TSelf a, TSelf b);

    /// <summary>Transposes the 4 x 4 floats in the same 128 bits of each vector.</summary>
    static abstract void Transpose(ref TSelf a, ref TSelf b, ref TSelf c, ref TSelf d);

    /// <summary>Loads 4 floats of the first row, of the fifth and so on.</summary>
    static abstract TSelf LoadEveryFourthRow(float* source, nint stride);

    /// <summary>Stores what <see cref="LoadEveryFourthRow"/> loads.</summary>
    static abstract void StoreEveryFourthRow(float* target, nint stride, TSelf rows);

    static abstract float Sum(TSelf value);

    /// <summary>The sum of all lanes in double precision.</summary>
    static abstract double SumInDouble(TSelf value);

    /// <summary>The largest lane; unspecified if a lane is NaN.</summary>
    static abstract float MaxAcross(TSelf value);

    /// <summary>
    /// Packs the lanes that are at least <paramref name="limit"/> (NaN is not) to the front of <paramref name="values"/>, in order, and
    /// their indices likewise. Both targets have room for all lanes; the rest of them is overwritten.
    /// </summary>
    /// <returns>How many were packed.</returns>
    static abstract int PackReaching(TSelf value, TSelf limit, int firstIndex, float* values, int* indices);
}

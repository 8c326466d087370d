namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The sums or the maxima of 16 contiguous rows, by a tree that halves all of them at once: as many operations as for four separate rows.
/// Needs AVX-512. The result of row r is in lane 4 (r mod 4) + r / 4; applying this formula twice gives r.
/// </summary>
internal readonly unsafe struct RowReduction
{
    private readonly Vector512<float> loaded;
    private readonly Vector512<int> order;

    /// <param name="classCount">The length of a row.</param>
    /// <param name="width">The number of lanes that a row starts with: 8, or 16, of which longer rows fill as many as they need.</param>
    [MethodImpl(Hot.Inline)]
    public RowReduction(int classCount, int width)
    {
        ClassCount = classCount;
        var rowsTogether = Lanes512.Count / width;
        var length = width < Lanes512.Count ? rowsTogether * classCount : ((classCount - 1) % Lanes512.Count) + 1;
        loaded = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(length)).AsSingle();

        // If a row is shorter than its lanes, the last lane, which is not loaded, fills them.
        var place = Vector512<int>.Indices & Vector512.Create(width - 1);
        var row = Vector512<int>.Indices >> BitOperations.Log2((uint)width);
        order = Vector512.ConditionalSelect(
            Vector512.LessThan(place, Vector512.Create(classCount)),
            (row * Vector512.Create(classCount)) + place, Vector512.Create(Lanes512.Count - 1));
    }

    public int ClassCount { get; }

    public static int LaneOf(int row) => (4 * (row & 3)) + (row >> 2);

    /// <summary>For rows of 5 to 7.</summary>
    [MethodImpl(Hot.Inline)]
    public Vector512<float> Halves<TOperation>(float* rows)
        where TOperation : struct, IMaskedReduction
    {
        var step = 4 * ClassCount;
        return Quads<TOperation>(FourHalves<TOperation>(rows), FourHalves<TOperation>(rows + step),
            FourHalves<TOperation>(rows + (2 * step)), FourHalves<TOperation>(rows + (3 * step)));
    }

    [MethodImpl(Hot.Inline)]
    private Vector512<float> FourHalves<TOperation>(float* rows)
        where TOperation : struct, IMaskedReduction
        => By128Bits<TOperation>(TwoHalves<TOperation>(rows), TwoHalves<TOperation>(rows + (2 * ClassCount)));

    [MethodImpl(Hot.Inline)]
    private Vector512<float> TwoHalves<TOperation>(float* rows)
        where TOperation : struct, IMaskedReduction
        => Avx512F.PermuteVar16x32(TOperation.Load(rows, loaded), order);

    /// <summary>The largest of rows of 9 and more.</summary>
    [MethodImpl(Hot.Inline)]
    public Vector512<float> Largest(float* rows)
    {
        var step = 4 * ClassCount;
        return Quads<MaximumReduction>(
            FourLargest(rows), FourLargest(rows + step), FourLargest(rows + (2 * step)), FourLargest(rows + (3 * step)));
    }

    /// <summary>Those of four rows, four lanes each.</summary>
    [MethodImpl(Hot.Inline)]
    private Vector512<float> FourLargest(float* rows)
        => By128Bits<MaximumReduction>(
            By256Bits<MaximumReduction>(LargestOfOne(rows), LargestOfOne(rows + ClassCount)),
            By256Bits<MaximumReduction>(LargestOfOne(rows + (2 * ClassCount)), LargestOfOne(rows + (3 * ClassCount))));

    [MethodImpl(Hot.Inline)]
    private Vector512<float> LargestOfOne(float* row)
    {
        var i = (ClassCount - 1) & -Lanes512.Count;
        var result = MaximumReduction.Load(row + i, loaded);
        while (i > 0)
        {
            i -= Lanes512.Count;
            result = Avx512F.Max(result, Vector512.Load(row + i));
        }

        return result;
    }

    /// <summary>The sums of four rows of one to four vectors, four lanes each.</summary>
    [MethodImpl(Hot.Inline)]
    public Vector512<float> FourSums<TVectors>(float* rows)
        where TVectors : struct, INumber
        => By128Bits<SumReduction>(
            By256Bits<SumReduction>(SumOfOne<TVectors>(rows), SumOfOne<TVectors>(rows + ClassCount)),
            By256Bits<SumReduction>(SumOfOne<TVectors>(rows + (2 * ClassCount)), SumOfOne<TVectors>(rows + (3 * ClassCount))));

    /// <summary>Adds two by two: rounding in the same direction each time would accumulate.</summary>
    [MethodImpl(Hot.Inline)]
    private Vector512<float> SumOfOne<TVectors>(float* row)
        where TVectors : struct, INumber
    {
        var last = SumReduction.Load(row + (Lanes512.Count * (TVectors.Value - 1)), loaded);
        return TVectors.Value switch
        {
            1 => last,
            2 => Vector512.Load(row) + last,
            3 => (Vector512.Load(row) + Vector512.Load(row + 16)) + last,
            _ => (Vector512.Load(row) + Vector512.Load(row + 16)) + (Vector512.Load(row + 32) + last),
        };
    }

    /// <summary>Adds up rows of 65 and more, each to one vector, by fours of vectors and in two halves.</summary>
    [MethodImpl(Hot.Inline)] public void SumToVectors(float* rows, float* sums) => SumToVectors(rows, ClassCount, loaded, sums);

    // A separate method, because the compiler inlines only a limited amount into one method.
    [MethodImpl(Hot.Kernel)]
    private static void SumToVectors(float* rows, nint classCount, Vector512<float> loaded, float* sums)
    {
        var last = (classCount - 1) & -Lanes512.Count;
        for (var end = sums + (Lanes512.Count * Lanes512.Count); sums < end; sums += Lanes512.Count, rows += classCount)
        {
            var sum = ((Vector512.Load(rows + last) & loaded) + Vector512.Load(rows))
                + (Vector512.Load(rows + 16) + Vector512.Load(rows + 32));
            var other = Vector512<float>.Zero;
            nint i = 48;
            for (; i <= last - 64; i += 64)
                (sum, other) = (other + FourVectors.Load(rows + i).Sum, sum);
            for (; i < last; i += 16)
                other += Vector512.Load(rows + i);
            (sum + other).Store(sums);
        }
    }

    /// <summary>The sums of 16 vectors, across lanes in double precision.</summary>
    [MethodImpl(Hot.Kernel)]
    public static Vector512<float> OfVectors(float* vectors)
        => Avx512F.PermuteVar8x64(
            Vector512.Create(OfEightVectors(vectors), OfEightVectors(vectors + 128)).AsDouble(),
            Vector512.Create(0L, 4, 1, 5, 2, 6, 3, 7)).AsSingle();

    /// <summary>The sum of vector 4 a + b in lane 2 b + a.</summary>
    [MethodImpl(Hot.Inline)]
    private static Vector256<float> OfEightVectors(float* vectors)
    {
        var (first, last) = (OfFourVectors(vectors), OfFourVectors(vectors + 64));
        return Avx512F.ConvertToVector256Single(Avx512F.UnpackLow(first, last) + Avx512F.UnpackHigh(first, last));
    }

    [MethodImpl(Hot.Inline)]
    private static Vector512<double> OfFourVectors(float* vectors)
    {
        var (a, b, c, d) = (ToDouble(vectors), ToDouble(vectors + 16), ToDouble(vectors + 32), ToDouble(vectors + 48));
        var ab = Avx512F.Shuffle4x128(a, b, 0b01_00_01_00) + Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);
        var cd = Avx512F.Shuffle4x128(c, d, 0b01_00_01_00) + Avx512F.Shuffle4x128(c, d, 0b11_10_11_10);
        return Avx512F.Shuffle4x128(ab, cd, 0b10_00_10_00) + Avx512F.Shuffle4x128(ab, cd, 0b11_01_11_01);
    }

    [MethodImpl(Hot.Inline)]
    private static Vector512<double> ToDouble(float* vector)
        => Avx512F.ConvertToVector512Double(Vector256.Load(vector)) + Avx512F.ConvertToVector512Double(Vector256.Load(vector + 8));

    /// <summary>16 rows, four lanes each: of 4, or reduced so far.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> OfQuarters<TOperation>(float* quarters)
        where TOperation : struct, IReduction
        => Quads<TOperation>(
            Vector512.Load(quarters), Vector512.Load(quarters + 16), Vector512.Load(quarters + 32), Vector512.Load(quarters + 48));

    /// <summary>16 rows of 8.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> OfHalves<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => Quads<TOperation>(
            By128Bits<TOperation>(Vector512.Load(rows), Vector512.Load(rows + 16)),
            By128Bits<TOperation>(Vector512.Load(rows + 32), Vector512.Load(rows + 48)),
            By128Bits<TOperation>(Vector512.Load(rows + 64), Vector512.Load(rows + 80)),
                By128Bits<TOperation>(Vector512.Load(rows + 96), Vector512.Load(rows + 112)));

    /// <summary>The first of each row.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Firsts(float* rows, nint classCount)
        => Vector512.Create(
            rows[0], rows[4 * classCount], rows[8 * classCount], rows[12 * classCount],
            rows[classCount], rows[5 * classCount], rows[9 * classCount], rows[13 * classCount],
            rows[2 * classCount], rows[6 * classCount], rows[10 * classCount], rows[14 * classCount],
            rows[3 * classCount], rows[7 * classCount], rows[11 * classCount], rows[15 * classCount]);

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> By256Bits<TOperation>(Vector512<float> a, Vector512<float> b)
        where TOperation : struct, IReduction
        => TOperation.Of(Avx512F.Shuffle4x128(a, b, 0b01_00_01_00), Avx512F.Shuffle4x128(a, b, 0b11_10_11_10));

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> By128Bits<TOperation>(Vector512<float> a, Vector512<float> b)
        where TOperation : struct, IReduction
        => TOperation.Of(Avx512F.Shuffle4x128(a, b, 0b10_00_10_00), Avx512F.Shuffle4x128(a, b, 0b11_01_11_01));

    /// <summary>Four vectors of four rows each, four lanes a row.</summary>
    [MethodImpl(Hot.Inline)]
    private static Vector512<float> Quads<TOperation>(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
        where TOperation : struct, IReduction
    {
        var ab = TOperation.Of(Avx512F.Shuffle(a, b, 0b01_00_01_00), Avx512F.Shuffle(a, b, 0b11_10_11_10));
        var cd = TOperation.Of(Avx512F.Shuffle(c, d, 0b01_00_01_00), Avx512F.Shuffle(c, d, 0b11_10_11_10));
        return TOperation.Of(Avx512F.Shuffle(ab, cd, 0b10_00_10_00), Avx512F.Shuffle(ab, cd, 0b11_01_11_01));
    }
}

/// <summary>The operation that reduces rows.</summary>
internal interface IReduction
{
    static abstract Vector512<float> Of(Vector512<float> left, Vector512<float> right);
}

/// <summary>An operation that can also reduce rows that do not fill a vector.</summary>
internal unsafe interface IMaskedReduction : IReduction
{
    /// <summary>Loads the lanes with all bits set in <paramref name="loaded"/>, and the neutral element for the rest.</summary>
    static abstract Vector512<float> Load(float* source, Vector512<float> loaded);
}

internal readonly unsafe struct SumReduction : IMaskedReduction
{
    // There is room after the values to sum, so whole vectors may be read, which takes fewer instructions.
    [MethodImpl(Hot.Inline)] public static Vector512<float> Load(float* source, Vector512<float> loaded) => Vector512.Load(source) & loaded;

    [MethodImpl(Hot.Inline)] public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => left + right;
}

internal readonly unsafe struct MaximumReduction : IMaskedReduction
{
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Load(float* source, Vector512<float> loaded)
        => Avx512F.MaskLoad(source, loaded, Vector512.Create(float.NegativeInfinity));

    [MethodImpl(Hot.Inline)] public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => Avx512F.Max(left, right);
}

/// <summary>What a row begins with.</summary>
internal readonly struct FirstReduction : IReduction
{
    [MethodImpl(Hot.Inline)] public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => left;
}

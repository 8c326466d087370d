using System.Diagnostics.CodeAnalysis;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The sums or the maxima of 16 rows of 2 or 3 classes, column by column. 3 divides 15, so columns move by one lane from each vector to the
/// next, and a column's 16 values are in 16 different lanes: selections alone collect them in one vector. Needs AVX-512. The result of row
/// r is in the same lane as in <see cref="RowReduction"/>.
/// </summary>
internal static unsafe class ColumnReduction
{
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> OfTwo<TOperation>(float* rows)
        where TOperation : struct, IReduction
    {
        var (a, b) = (Vector512.Load(rows), Vector512.Load(rows + 16));
        return InOrderOfTwo(TOperation.Of(Avx512F.Shuffle(a, b, 0b10_00_10_00), Avx512F.Shuffle(a, b, 0b11_01_11_01)));
    }

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> OfThree<TOperation>(float* rows)
        where TOperation : struct, IReduction
    {
        var (a, b, c) = (Vector512.Load(rows), Vector512.Load(rows + 16), Vector512.Load(rows + 32));
        var first = Select(Select(a, b, ThirdLanes(2)), c, ThirdLanes(1));
        var second = Select(Select(a, b, ThirdLanes(0)), c, ThirdLanes(2));
        var third = Select(Select(a, b, ThirdLanes(1)), c, ThirdLanes(0));
        return InOrderOfThree(TOperation.Of(TOperation.Of(first, Turn(second, 1)), Turn(third, 2)));
    }

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> Select(Vector512<float> value, Vector512<float> other, Vector512<int> where)
        => Vector512.ConditionalSelect(where.AsSingle(), other, value);

    /// <summary>Rotates the lanes back by this many; the first ones go to the end.</summary>
    [MethodImpl(Hot.Inline)]
    private static Vector512<float> Turn(Vector512<float> value, [ConstantExpected] byte lanes) =>
        Avx512F.AlignRight32(value.AsInt32(), value.AsInt32(), lanes).AsSingle();

    /// <summary>All bits set in every third lane, starting at a given one.</summary>
    [MethodImpl(Hot.Inline)]
    private static Vector512<int> ThirdLanes(int first) => first switch
    {
        0 => Vector512.Create(-1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1),
        1 => Vector512.Create(0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0),
        _ => Vector512.Create(0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0),
    };

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> InOrderOfTwo(Vector512<float> value)
        => Avx512F.PermuteVar16x32(value, Vector512.Create(0, 8, 2, 10, 1, 9, 3, 11, 4, 12, 6, 14, 5, 13, 7, 15));

    // Row r is in lane 3 r modulo 16.
    [MethodImpl(Hot.Inline)]
    private static Vector512<float> InOrderOfThree(Vector512<float> value)
        => Avx512F.PermuteVar16x32(value, Vector512.Create(0, 12, 8, 4, 3, 15, 11, 7, 6, 2, 14, 10, 9, 5, 1, 13));
}

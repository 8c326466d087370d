using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>How 16 rows of some length are reduced; a type, so that the compiler knows which.</summary>
internal unsafe interface IPackedShape
{
    /// <summary>How many lanes a row takes to begin with.</summary>
    static virtual int Width => Lanes512.Count;

    /// <summary>
    /// How many blocks later a block leaves than it enters: 2; 1 where rows are so long that the buffers for 2 would not fit the cache, and are;
    /// 3 where they are so short that what is summed would be loaded, otherwise cut than it was stored, before it has left for the cache.
    /// </summary>
    static virtual int Lag => 2;

    /// <summary>Whether results go past the caches; the target is then aligned to the vector's size.</summary>
    static virtual bool IsStreamed => false;

    /// <summary>Whether 16 rows are less than four vectors.</summary>
    static virtual bool IsLessThanAStep => false;

    /// <summary>Whether rows' first scores are copied one by one, some time before they are needed; in some short rows they are found as sums are, and quicker.</summary>
    static virtual bool CopiesFirsts => true;

    /// <summary>Sums some of a block's rows while the exponentials of the next are at <paramref name="start"/>, if there is time for that.</summary>
    static virtual void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
    }

    /// <summary>Sums some more, a few steps later.</summary>
    static virtual void SumMoreAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
    }

    /// <summary>The sums of a block's rows, from what was summed alongside or from the rows themselves.</summary>
    static abstract Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters);

    static abstract Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction;

    /// <summary>The first of each row, where the reduction of the row comes out.</summary>
    /// <remarks>Not a choice made by the caller: the compiler would take both for part of it, and inlines only so much into one method.</remarks>
    static virtual Vector512<float> Firsts(in RowReduction reduction, float* rows, float* copied) => Vector512.Load(copied);
}

/// <summary>Rows of 2.</summary>
internal readonly unsafe struct RowsOfTwo : IPackedShape
{
    public static int Lag => 3;

    public static bool IsLessThanAStep => true;

    public static bool CopiesFirsts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => ColumnReduction.OfTwo<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => ColumnReduction.OfTwo<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(in RowReduction reduction, float* rows, float* copied) => ColumnReduction.OfTwo<FirstReduction>(rows);
}

/// <summary>Rows of 3.</summary>
internal readonly unsafe struct RowsOfThree : IPackedShape
{
    public static int Lag => 3;

    public static bool IsLessThanAStep => true;

    public static bool CopiesFirsts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => ColumnReduction.OfThree<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => ColumnReduction.OfThree<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(in RowReduction reduction, float* rows, float* copied) => ColumnReduction.OfThree<FirstReduction>(rows);
}

/// <summary>Rows of 4.</summary>
internal readonly unsafe struct RowsOfFour : IPackedShape
{
    public static int Lag => 3;

    public static bool CopiesFirsts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => RowReduction.OfQuarters<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => RowReduction.OfQuarters<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(in RowReduction reduction, float* rows, float* copied) => RowReduction.OfQuarters<FirstReduction>(rows);
}

/// <summary>Rows of 5.</summary>
internal readonly unsafe struct RowsOfFive : IPackedShape
{
    public static int Lag => 3;

    public static bool CopiesFirsts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => ColumnReduction.OfFive<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => ColumnReduction.OfFive<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(in RowReduction reduction, float* rows, float* copied) => ColumnReduction.OfFive<FirstReduction>(rows);
}

/// <summary>Rows of 6 to 8.</summary>
internal readonly unsafe struct HalfRows<TFull> : IPackedShape
    where TFull : struct, IChoice
{
    public static int Width => 8;

    public static int Lag => 3;

    public static bool CopiesFirsts => !TFull.IsYes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Halves<TOperation, TFull>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.Halves<SumReduction, TFull>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(in RowReduction reduction, float* rows, float* copied) => TFull.IsYes ? reduction.Halves<FirstReduction, TFull>(rows) : Vector512.Load(copied);
}

/// <summary>Rows of 9 to 16.</summary>
internal readonly unsafe struct VectorRows<TFull> : IPackedShape
    where TFull : struct, IChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
        if (start < 128)
            reduction.FourVectors<SumReduction, TFull>(rows + (start / 8 * reduction.ClassCount)).Store(quarters + (start / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumMoreAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
        if (start < 128)
            reduction.FourVectors<SumReduction, TFull>(rows + (((start / 8) + 4) * reduction.ClassCount)).Store(quarters + (start / 2) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Vectors<TOperation, TFull>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => RowReduction.OfQuarters<SumReduction>(quarters);
}

/// <summary>Rows of 17 to 48.</summary>
internal readonly unsafe struct WholeRows<TVectors> : IPackedShape
    where TVectors : struct, IFewVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
        if (start < 256)
            reduction.FourSums<TVectors>(rows + (start / 16 * reduction.ClassCount)).Store(quarters + (start / 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => RowReduction.OfQuarters<SumReduction>(quarters);
}

/// <summary>Rows of 49 to 64.</summary>
internal readonly unsafe struct LongerRows : IPackedShape
{
    public static int Lag => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.Sums<FourVectors>(rows);
}

/// <summary>Longer rows, of so many vectors that one sum of them all, one after the other, would be too inexact.</summary>
internal readonly unsafe struct LongestRows : IPackedShape
{
    public static int Lag => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.LongSums(rows);
}

/// <summary>Longer rows, so many that what is written leaves the caches before anybody reads it.</summary>
internal readonly unsafe struct StreamedRows : IPackedShape
{
    public static int Lag => 1;

    public static bool IsStreamed => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.LongSums(rows);
}

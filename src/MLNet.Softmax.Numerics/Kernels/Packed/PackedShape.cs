using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>How 16 rows of some length are reduced; a type, so that the compiler knows which.</summary>
internal unsafe interface IPackedShape
{
    /// <summary>How many lanes a row takes to begin with.</summary>
    static virtual int Width => Lanes512.Count;

    /// <summary>
    /// How many blocks later a block leaves than it enters: 2; 1 where rows are so long that the buffers for 2 would not fit the cache; 3
    /// where they are so short that what is summed would be loaded, otherwise cut than it was stored, before it has left for the cache.
    /// </summary>
    static virtual int Lag => 2;

    /// <summary>Whether rows are so short that to compute them takes longer than memory does.</summary>
    static virtual bool IsSlowerThanMemory => false;

    /// <summary>Whether 16 rows are less than four vectors.</summary>
    static virtual bool IsLessThanAStep => false;

    /// <summary>
    /// Sums some of a block's rows while the exponentials of the next are at <paramref name="start"/>, if there is time for that.
    /// </summary>
    static virtual void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
    }

    /// <summary>The sums of a block's rows, from what was summed alongside or from the rows themselves.</summary>
    static abstract Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters);

    /// <summary>The largest score of each row.</summary>
    static abstract Vector512<float> Largest(in RowReduction reduction, float* rows);

    /// <summary>The first score of each row.</summary>
    static virtual Vector512<float> Firsts(float* rows, nint classCount) => RowReduction.Firsts(rows, classCount);
}

/// <summary>A small number, known to the compiler.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}

internal readonly struct One : INumber
{
    public static int Value => 1;
}

internal readonly struct Two : INumber
{
    public static int Value => 2;
}

internal readonly struct Three : INumber
{
    public static int Value => 3;
}

internal readonly struct Four : INumber
{
    public static int Value => 4;
}

internal readonly struct Eight : INumber
{
    public static int Value => 8;
}

/// <summary>Rows of 2, 3, 4 or 8: for each length a way of its own.</summary>
internal readonly unsafe struct RowsOf<TLength> : IPackedShape
    where TLength : struct, INumber
{
    public static int Lag => 3;

    public static bool IsSlowerThanMemory => true;

    public static bool IsLessThanAStep => TLength.Value < 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => Reduce<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => Reduce<MaximumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(float* rows, nint classCount) => Reduce<FirstReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => TLength.Value switch
        {
            2 => ColumnReduction.OfTwo<TOperation>(rows),
            3 => ColumnReduction.OfThree<TOperation>(rows),
            4 => RowReduction.OfQuarters<TOperation>(rows),
            _ => RowReduction.OfHalves<TOperation>(rows),
        };
}

/// <summary>Rows of 5 to 7.</summary>
internal readonly unsafe struct Rows5To7 : IPackedShape
{
    public static int Width => 8;

    public static int Lag => 3;

    public static bool IsSlowerThanMemory => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.Halves<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Halves<MaximumReduction>(rows);
}

/// <summary>Rows of 9 to 64, which take one to four vectors.</summary>
internal readonly unsafe struct Rows9To64<TVectors> : IPackedShape
    where TVectors : struct, INumber
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
        // Four rows a step; eight where a block of 16 rows may have no more than two steps.
        var first = start / (TVectors.Value == 1 ? 8 : 16);
        if (first >= Lanes512.Count)
            return;
        reduction.FourSums<TVectors>(rows + (first * reduction.ClassCount)).Store(quarters + (4 * first));
        if (TVectors.Value == 1)
            reduction.FourSums<TVectors>(rows + ((first + 4) * reduction.ClassCount)).Store(quarters + (4 * first) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Largest(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) =>
        RowReduction.OfQuarters<SumReduction>(quarters);
}

/// <summary>Rows of 65 to 256: of so many vectors that one sum of them all, one after the other, would be too inexact.</summary>
internal readonly unsafe struct Rows65To256 : IPackedShape
{
    public static int Lag => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Largest(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.LongSums(rows);
}

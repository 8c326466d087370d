using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>16 rows of one short length.</summary>
internal unsafe interface IShortestRows
{
    static abstract int Length { get; }

    static abstract Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction;
}

internal readonly unsafe struct RowsOfTwo : IShortestRows
{
    public static int Length => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => ColumnReduction.OfTwo<TOperation>(rows);
}

internal readonly unsafe struct RowsOfThree : IShortestRows
{
    public static int Length => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => ColumnReduction.OfThree<TOperation>(rows);
}

internal readonly unsafe struct RowsOfFour : IShortestRows
{
    public static int Length => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => RowReduction.OfQuarters<TOperation>(rows);
}

internal readonly unsafe struct RowsOfFive : IShortestRows
{
    public static int Length => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => ColumnReduction.OfFive<TOperation>(rows);
}

internal readonly unsafe struct RowsOfEight : IShortestRows
{
    public static int Length => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => RowReduction.OfHalves<TOperation>(rows);
}

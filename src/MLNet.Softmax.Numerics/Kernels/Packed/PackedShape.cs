using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>How 16 rows of some length are reduced; a type, so that the compiler knows which.</summary>
internal unsafe interface IPackedShape
{
    /// <summary>How many lanes a row takes to begin with.</summary>
    static virtual int Width => Lanes512.Count;

    /// <summary>How many blocks later a block leaves than it enters: 2, or 1 where rows are so long that the buffers for 2 would not fit the cache, and are.</summary>
    static virtual int Lag => 2;

    /// <summary>Whether results go past the caches; the target is then aligned to the vector's size.</summary>
    static virtual bool IsStreamed => false;

    static abstract Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction;
}

/// <summary>Rows of up to 4.</summary>
internal readonly unsafe struct QuarterRows : IPackedShape
{
    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Quarters<TOperation>(rows);
}

/// <summary>Rows of 5 to 8.</summary>
internal readonly unsafe struct HalfRows : IPackedShape
{
    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Halves<TOperation>(rows);
}

/// <summary>Rows of 9 to 16.</summary>
internal readonly unsafe struct VectorRows : IPackedShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Vectors<TOperation>(rows);
}

/// <summary>Rows of 17 to 48.</summary>
internal readonly unsafe struct WholeRows : IPackedShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);
}

/// <summary>Longer rows.</summary>
internal readonly unsafe struct LongerRows : IPackedShape
{
    public static int Lag => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);
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
}

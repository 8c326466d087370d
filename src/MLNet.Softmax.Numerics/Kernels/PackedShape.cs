using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>How 16 rows of some length are reduced; a type, so that the compiler knows which.</summary>
internal unsafe interface IPackedShape
{
    /// <summary>How many lanes a row takes to begin with.</summary>
    static abstract int Width { get; }

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

/// <summary>Rows of 9 and more.</summary>
internal readonly unsafe struct WholeRows : IPackedShape
{
    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Reduce<TOperation>(in RowReduction reduction, float* rows)
        where TOperation : struct, IReduction
        => reduction.Wholes<TOperation>(rows);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// A row of some few vectors, summed two by two: rounding that goes the same way
/// each time would add up. Room is left behind rows, so whole vectors may be read.
/// </summary>
internal unsafe interface IFewVectors
{
    /// <param name="row">The row.</param>
    /// <param name="loaded">All bits set in the lanes of the last vector that are the row's.</param>
    static abstract Vector512<float> Sum(float* row, Vector512<float> loaded);
}

/// <summary>17 to 32 values.</summary>
internal readonly unsafe struct TwoVectors : IFewVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sum(float* row, Vector512<float> loaded) => Vector512.Load(row) + (Vector512.Load(row + 16) & loaded);
}

/// <summary>33 to 48 values.</summary>
internal readonly unsafe struct ThreeVectors : IFewVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sum(float* row, Vector512<float> loaded)
        => (Vector512.Load(row) + Vector512.Load(row + 16)) + (Vector512.Load(row + 32) & loaded);
}

/// <summary>49 to 64 values.</summary>
internal readonly unsafe struct FourVectors : IFewVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sum(float* row, Vector512<float> loaded)
        => (Vector512.Load(row) + Vector512.Load(row + 16)) + (Vector512.Load(row + 32) + (Vector512.Load(row + 48) & loaded));
}

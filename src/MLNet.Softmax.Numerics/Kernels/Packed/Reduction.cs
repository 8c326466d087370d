using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>What rows are reduced by.</summary>
internal unsafe interface IReduction
{
    /// <summary>What changes nothing.</summary>
    static abstract Vector512<float> Neutral { get; }

    /// <summary>Loads what has all bits set in <paramref name="loaded"/>, with what changes nothing for the rest.</summary>
    static abstract Vector512<float> Load(float* source, Vector512<float> loaded);

    static abstract Vector512<float> Of(Vector512<float> left, Vector512<float> right);
}

internal readonly unsafe struct SumReduction : IReduction
{
    public static Vector512<float> Neutral
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<float>.Zero;
    }

    // Room is left behind what is added up, so whole vectors may be read, which takes fewer instructions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, Vector512<float> loaded) => Vector512.Load(source) & loaded;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => left + right;
}

internal readonly unsafe struct MaximumReduction : IReduction
{
    public static Vector512<float> Neutral
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(float.NegativeInfinity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, Vector512<float> loaded) => Avx512F.MaskLoad(source, loaded, Neutral);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => Avx512F.Max(left, right);
}

/// <summary>What a row begins with.</summary>
internal readonly unsafe struct FirstReduction : IReduction
{
    public static Vector512<float> Neutral
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<float>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, Vector512<float> loaded) => Avx512F.MaskLoad(source, loaded, Neutral);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => left;
}

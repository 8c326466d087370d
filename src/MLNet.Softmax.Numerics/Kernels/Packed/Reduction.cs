using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>What rows are reduced by.</summary>
internal interface IReduction
{
    static abstract Vector512<float> Of(Vector512<float> left, Vector512<float> right);
}

/// <summary>What rows that do not fill a vector can be reduced by.</summary>
internal unsafe interface IMaskedReduction : IReduction
{
    /// <summary>Loads what has all bits set in <paramref name="loaded"/>, with what changes nothing for the rest.</summary>
    static abstract Vector512<float> Load(float* source, Vector512<float> loaded);
}

internal readonly unsafe struct SumReduction : IMaskedReduction
{
    // Room is left behind what is added up, so whole vectors may be read, which takes fewer instructions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, Vector512<float> loaded) => Vector512.Load(source) & loaded;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => left + right;
}

internal readonly unsafe struct MaximumReduction : IMaskedReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, Vector512<float> loaded)
        => Avx512F.MaskLoad(source, loaded, Vector512.Create(float.NegativeInfinity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => Avx512F.Max(left, right);
}

/// <summary>What a row begins with.</summary>
internal readonly struct FirstReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> left, Vector512<float> right) => left;
}

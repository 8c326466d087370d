using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>What becomes of 16 rows once their sums are known.</summary>
internal unsafe interface IPackedEnd
{
    /// <summary>Whether anything is written.</summary>
    static abstract bool Writes { get; }

    /// <summary>
    /// Whether exponentials are but summed, and at temperature 1: ln 2 as one float is then exact enough (see
    /// <see cref="NearTermsAtOne"/>), for one multiplication less.
    /// </summary>
    static virtual bool IsSumAtOne => false;

    /// <summary>
    /// Called with each block's sums, of exponentials shifted by <paramref name="offset"/>
    /// and <paramref name="power"/>: see <see cref="RowShift"/>.
    /// </summary>
    /// <remarks>A block may come twice; the second time is the one that counts.</remarks>
    void Prepare(int block, Vector512<float> sum, Vector512<float> power, Vector512<float> offset);

    /// <summary>What is written for some of the block's values.</summary>
    /// <param name="exponentials">Theirs.</param>
    /// <param name="scores">Theirs.</param>
    /// <param name="lanes">The lanes of their rows.</param>
    /// <typeparam name="TPerRow">Whether there may be offsets.</typeparam>
    Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice;
}

/// <summary>Softmax: the exponentials divided by their sum.</summary>
internal unsafe struct SoftmaxEnd : IPackedEnd
{
    private Vector512<float> factor;

    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare(int block, Vector512<float> sum, Vector512<float> power, Vector512<float> offset) =>
        factor = Vector512<float>.One / sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
        => Vector512.Load(exponentials) * Avx512F.PermuteVar16x32(factor, lanes);
}

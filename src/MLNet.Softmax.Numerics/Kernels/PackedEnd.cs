using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>What becomes of 16 rows once their sums are known.</summary>
internal unsafe interface IPackedEnd
{
    /// <summary>Called with each block's sums, of exponentials shifted by <paramref name="offset"/> and <paramref name="power"/>: see <see cref="RowShift"/>.</summary>
    void Prepare(Lanes512 sum, Lanes512 power, Lanes512 offset);

    /// <summary>What is written for some of the block's values.</summary>
    /// <param name="exponentials">Theirs.</param>
    /// <param name="scores">Theirs.</param>
    /// <param name="lanes">The lanes of their rows.</param>
    /// <typeparam name="TPerRow">Whether there may be offsets.</typeparam>
    Lanes512 Apply<TPerRow>(Lanes512 exponentials, float* scores, int* lanes)
        where TPerRow : struct, IChoice;
}

/// <summary>Softmax: the exponentials divided by their sum.</summary>
internal unsafe struct SoftmaxEnd : IPackedEnd
{
    private Lanes512 factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare(Lanes512 sum, Lanes512 power, Lanes512 offset) => factor = Lanes512.Create(1f) / sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Lanes512 Apply<TPerRow>(Lanes512 exponentials, float* scores, int* lanes)
        where TPerRow : struct, IChoice
        => exponentials * Lanes512.Permute(factor, lanes);
}

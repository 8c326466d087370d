using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Keeps what each row's softmax is divided by, beside what another end does.</summary>
/// <param name="sums">Room for each row's sum of exponentials.</param>
/// <param name="powers">Room for the power in each row's <see cref="RowShift"/>.</param>
/// <param name="offsets">Room for the offset in each row's <see cref="RowShift"/>.</param>
internal unsafe struct NormalizerEnd<TOther>(float* sums, float* powers, float* offsets) : IPackedEnd
    where TOther : struct, IPackedEnd
{
    private readonly float* sums = sums;
    private readonly float* powers = powers;
    private readonly float* offsets = offsets;
    private TOther other = new();

    public static bool Writes => TOther.Writes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare(int block, Vector512<float> sum, Vector512<float> power, Vector512<float> offset)
    {
        other.Prepare(block, sum, power, offset);
        var first = block * Lanes512.Count;
        InOrder(sum).Store(sums + first);
        InOrder(power).Store(powers + first);
        InOrder(offset).Store(offsets + first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
        => other.Apply<TPerRow>(exponentials, scores, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> InOrder(Vector512<float> byLane)
        => Avx512F.PermuteVar16x32(byLane, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}

/// <summary>Writes nothing.</summary>
internal readonly unsafe struct NoEnd : IPackedEnd
{
    public static bool Writes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare(int block, Vector512<float> sum, Vector512<float> power, Vector512<float> offset)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
        => default;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// One row of two classes: each probability is 1 / (1 + exp(d)), d being the
/// other score less its own, so that there is no maximum and no sum to wait for.
/// </summary>
internal static unsafe class PairRow
{
    /// <summary>
    /// Writes the softmax, or returns false, having written nothing, where the
    /// difference is not finite or so large that a probability is no normal number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySoftmax(float* scores, float* probabilities, in ExponentScale scale)
    {
        if (!(MathF.Abs(scores[1] - scores[0]) <= scale.FarthestNormal))
            return false;
        var both = Vector128.CreateScalar(*(double*)scores).AsSingle();
        var (own, other) = (new Lanes128(both), new Lanes128(Vector128.Shuffle(both, Vector128.Create(1, 0, 3, 2))));
        var one = Lanes128.Create(1f);
        var probability = one
            / (one + PairBlock<Lanes128>.Exponentials(own, other, other - own, Lanes128.Create(scale.High), Lanes128.Create(scale.Low)));
        *(double*)probabilities = probability.Value.AsDouble().ToScalar();
        return true;
    }
}

using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes32
{
    [MethodImpl(Inline)]
    public static int PackReaching(Lanes32 value, Lanes32 limit, int firstIndex, float* values, int* indices)
    {
        (*values, *indices) = (value.value, firstIndex);
        return value.value >= limit.value ? 1 : 0;
    }
}

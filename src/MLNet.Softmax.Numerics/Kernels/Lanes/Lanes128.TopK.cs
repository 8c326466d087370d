using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes128
{
    [MethodImpl(Inline)]
    public static int PackReaching(Lanes128 value, Lanes128 limit, int firstIndex, float* values, int* indices)
        => Packing.Write(value.value, GreaterThanOrEqual(value, limit), firstIndex, values, indices);
}

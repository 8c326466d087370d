using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes256
{
    [MethodImpl(Inline)]
    public static int PackReaching(Lanes256 value, Lanes256 limit, int firstIndex, float* values, int* indices)
    {
        var reaching = GreaterThanOrEqual(value, limit);
        var packed = Packing.Write(value.value.GetLower(), reaching & 0xF, firstIndex, values, indices);
        return packed + Packing.Write(value.value.GetUpper(), reaching >> 4, firstIndex + 4, values + packed, indices + packed);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

internal readonly unsafe partial struct Lanes512
{
    [MethodImpl(Inline)]
    public static int PackReaching(Lanes512 value, Lanes512 limit, int firstIndex, float* values, int* indices)
    {
        var reaching = Vector512.GreaterThanOrEqual(value.value, limit.value);
        if (!Avx512F.IsSupported)
        {
            var packed = Lanes256.PackReaching(new(value.value.GetLower()), new(limit.value.GetLower()), firstIndex, values, indices);
            return packed + Lanes256.PackReaching(
                new(value.value.GetUpper()), new(limit.value.GetUpper()), firstIndex + 8, values + packed, indices + packed);
        }

        Avx512F.Compress(Vector512<float>.Zero, reaching, value.value).Store(values);
        Avx512F.Compress(Vector512<int>.Zero, reaching.AsInt32(), Vector512<int>.Indices + Vector512.Create(firstIndex)).Store(indices);
        return BitOperations.PopCount((uint)reaching.ExtractMostSignificantBits());
    }
}

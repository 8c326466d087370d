using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Packs some of four lanes where no instruction does it.</summary>
internal static unsafe class Packing
{
    // For each set of lanes: the first of them in the lowest byte, and so on.
    private static ReadOnlySpan<uint> LanesOf =>
    [
        0x000000, 0x000000, 0x000001, 0x000100, 0x000002, 0x000200, 0x000201, 0x020100,
        0x000003, 0x000300, 0x000301, 0x030100, 0x000302, 0x030200, 0x030201, 0x03020100,
    ];

    /// <summary>
    /// Writes the wanted lanes, one bit each, and their indices, with anything behind them up to four; returns how many are wanted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Vector128<float> value, uint wanted, int firstIndex, float* values, int* indices)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.Add(ref MemoryMarshal.GetReference(LanesOf), wanted)).AsByte();
        var lanes = Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
        Vector128.ShuffleNative(value, lanes).Store(values);
        (lanes + Vector128.Create(firstIndex)).Store(indices);
        return BitOperations.PopCount(wanted);
    }
}

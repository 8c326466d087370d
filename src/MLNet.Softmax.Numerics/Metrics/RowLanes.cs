using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Reads a row of at least eight values eight at a time, and nothing beyond its end.</summary>
internal static class RowLanes
{
    public const int Width = 8;

    /// <summary>Eight values from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ReadOnlySpan<float> row, int start) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(row), (nuint)start);

    /// <summary>
    /// The last eight values of the row, with 0 in place of those before <paramref name="start"/>, which were read already.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadTail(ReadOnlySpan<float> row, int start)
    {
        var first = row.Length - Width;
        var isNew = Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(start - first));
        return Load(row, first) & isNew.AsSingle();
    }

    /// <summary>The largest of the eight values, none of which is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector256<float> lanes)
    {
        var four = Vector128.MaxNative(lanes.GetLower(), lanes.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}

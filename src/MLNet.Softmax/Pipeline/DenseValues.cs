using Microsoft.ML.Data;

namespace MLNet.Softmax.Pipeline;

/// <summary>Reads a buffer as consecutive values, dense or sparse.</summary>
internal static class DenseValues
{
    /// <summary>The values of <paramref name="buffer"/>: its own when it is dense, else copied to <paramref name="scratch"/>, which grows when it must.</summary>
    public static ReadOnlySpan<T> Of<T>(in VBuffer<T> buffer, ref T[] scratch)
    {
        if (buffer.IsDense) return buffer.GetValues();
        if (scratch.Length < buffer.Length) scratch = new T[buffer.Length];
        var values = scratch.AsSpan(0, buffer.Length);
        buffer.CopyTo(values);
        return values;
    }
}

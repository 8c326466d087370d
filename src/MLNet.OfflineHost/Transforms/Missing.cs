using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What stands for a missing value: NaN, the empty text, the key zero. The other types have none.</summary>
internal static class Missing
{
    public static bool Is<T>(T value, PrimitiveDataViewType type) => value switch
    {
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        ReadOnlyMemory<char> text => text.IsEmpty,
        _ => type is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
    };

    /// <summary>The missing value of a type, or its default where it has none.</summary>
    public static T Value<T>() =>
        typeof(T) == typeof(float) ? (T)(object)float.NaN
        : typeof(T) == typeof(double) ? (T)(object)double.NaN
        : default;
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics;

/// <summary>Argument checks that several operations share. Their messages contain the values found.</summary>
internal static class Guard
{
    /// <summary>Throws unless <paramref name="temperature"/> is finite and greater than 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Temperature(float temperature)
    {
        if (!(temperature > 0f && temperature <= float.MaxValue))
            ThrowTemperature(temperature);
    }

    /// <summary>
    /// Returns the part of <paramref name="destination"/> that is written. It may be exactly the input, but not a shifted part of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<float> Destination(
        ReadOnlySpan<float> source, Span<float> destination, [CallerArgumentExpression(nameof(destination))] string? name = null)
    {
        if (destination.Length < source.Length)
            ThrowTooShort(source.Length, destination.Length, name);
        var written = destination[..source.Length];
        if (source.Overlaps(written, out var offset) && offset != 0)
            ThrowShifted(offset, name);
        return written;
    }

    [DoesNotReturn]
    private static void ThrowTemperature(float temperature)
        => throw new ArgumentOutOfRangeException(
            nameof(temperature), temperature,
            string.Create(CultureInfo.InvariantCulture, $"The temperature must be finite and greater than 0, but it is {temperature}."));

    [DoesNotReturn]
    private static void ThrowTooShort(int needed, int found, string? name)
        => throw new ArgumentException(
            $"The destination holds {found} values, but the input has {needed}; make it at least as long.", name);

    [DoesNotReturn]
    private static void ThrowShifted(int offset, string? name)
        => throw new ArgumentException(
            $"The destination overlaps the input at an offset of {offset} values; "
            + "it must start exactly where the input does, or not overlap it.",
            name);

    /// <summary>Throws unless an option is within its range.</summary>
    public static void Require(
        [DoesNotReturnIf(false)] bool holds, object? found, string expected, [CallerArgumentExpression(nameof(found))] string? name = null)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, found, expected);
    }

    /// <summary>Throws if the output would overwrite input that is still to be read.</summary>
    public static void NoOverlap<TSource, TDestination>(
        ReadOnlySpan<TSource> source, Span<TDestination> destination, [CallerArgumentExpression(nameof(destination))] string? name = null)
        where TSource : unmanaged
        where TDestination : unmanaged
    {
        var read = MemoryMarshal.AsBytes(source);
        if (read.Overlaps(MemoryMarshal.AsBytes(destination)))
            throw new ArgumentException("The destination overlaps an input; give it memory of its own.", name);
    }

    /// <summary>Returns how many rows of <paramref name="classCount"/> values there are.</summary>
    public static int RowCount(ReadOnlySpan<float> scores, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classCount);
        if (scores.IsEmpty)
            return 0;
        ArgumentOutOfRangeException.ThrowIfZero(classCount);
        var (rows, remainder) = Math.DivRem(scores.Length, classCount);
        if (remainder != 0)
            throw new ArgumentException(
                $"There are {scores.Length} scores, which is no whole number of rows of {classCount} classes.", nameof(scores));
        return rows;
    }

    /// <summary>Returns the number of threads to use: -1 means all processors.</summary>
    public static int DegreeOfParallelism(int maxDegreeOfParallelism)
    {
        if (maxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException(nameof(maxDegreeOfParallelism), maxDegreeOfParallelism,
                $"The degree of parallelism must be at least 1, or -1 for every processor, but it is {maxDegreeOfParallelism}.");
        return maxDegreeOfParallelism == -1 ? Environment.ProcessorCount : maxDegreeOfParallelism;
    }

    /// <summary>Throws unless the options are valid for this number of classes.</summary>
    public static void Options(in CrossEntropyOptions options, int classCount)
    {
        if (!(options.LabelSmoothing is >= 0f and <= 1f))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.LabelSmoothing,
                string.Create(CultureInfo.InvariantCulture, $"LabelSmoothing must be from 0 to 1, but it is {options.LabelSmoothing}."));
        var weights = options.ClassWeights;
        if (weights.IsEmpty)
            return;
        if (weights.Length != classCount)
            throw new ArgumentException(
                $"There are {weights.Length} class weights for {classCount} classes; give one for each, or none.", nameof(options));
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0f && float.IsFinite(weights[i])))
                throw new ArgumentOutOfRangeException(
                    nameof(options), weights[i], string.Create(CultureInfo.InvariantCulture,
                        $"The weight of class {i} must be finite and at least 0, but it is {weights[i]}."));
        }
    }
}

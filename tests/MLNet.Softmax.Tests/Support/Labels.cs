using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.ML.Runtime;

namespace MLNet.Softmax.Tests;

/// <summary>Annotations and log messages, as tests need them.</summary>
internal static partial class Labels
{
    public static DataViewSchema.Annotations SlotNames(params string[] names) => Text("SlotNames", names);

    public static DataViewSchema.Annotations TrainingLabelValues<T>(PrimitiveDataViewType type, params T[] values) =>
        Values("TrainingLabelValues", type, values);

    public static DataViewSchema.Annotations KeyValues(params string[] names) => Text("KeyValues", names);

    public static DataViewSchema.Annotations Merge(params DataViewSchema.Annotations[] parts)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        foreach (var part in parts) builder.Add(part, _ => true);
        return builder.ToAnnotations();
    }

    /// <summary>The text that a column's annotation holds.</summary>
    public static string[] TextAnnotation(this DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> buffer = default;
        column.Annotations.GetValue(kind, ref buffer);
        return [.. buffer.DenseValues().Select(name => name.ToString())];
    }

    public static string SingleTextAnnotation(this DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    /// <summary>
    /// Collects what is written to the log of <paramref name="mlContext"/>. What this library writes must be approved.
    /// </summary>
    public static IReadOnlyCollection<LoggingEventArgs> LogOf(MLContext mlContext)
    {
        var log = new ConcurrentQueue<LoggingEventArgs>();
        mlContext.Log += (_, message) =>
        {
            log.Enqueue(message);
            if (message.Kind != ChannelMessageKind.Trace && OwnSource().IsMatch(message.Source))
                ApprovedMessages.Check($"{message.Kind} of {message.Source}: {Fraction().Replace(message.RawMessage, "#")}");
        };
        return log;
    }

    [GeneratedRegex("^(Calibrators|CrossFit|Evaluate|(Log)?SoftmaxEstimator|MultilayerPerceptron)")]
    private static partial Regex OwnSource();

    /// <summary>Whole numbers count rows; the last digits of others may differ between processors.</summary>
    [GeneratedRegex(@"\d+\.\d+(E[+-]\d+)?")]
    private static partial Regex Fraction();

    private static DataViewSchema.Annotations Text(string kind, string[] names) =>
        Values(kind, TextDataViewType.Instance, [.. names.Select(name => name.AsMemory())]);

    private static DataViewSchema.Annotations Values<T>(string kind, PrimitiveDataViewType type, T[] values)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) => new VBuffer<T>(values.Length, values).CopyTo(ref destination);
        builder.Add(kind, new VectorDataViewType(type, values.Length), getter);
        return builder.ToAnnotations();
    }
}

using System.Reflection;

namespace MLNet.Softmax.Labels;

/// <summary>The names of the classes of a column of scores, as text.</summary>
internal static class ClassLabels
{
    private static readonly MethodInfo ReadValuesOfType =
        typeof(ClassLabels).GetMethod(nameof(ReadValues), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>
    /// The labels of <paramref name="scores"/>: its SlotNames, else its TrainingLabelValues, which may be of any type and are written with
    /// the invariant culture. A class without a name gets its index. If there is neither annotation, every class does.
    /// </summary>
    public static ReadOnlyMemory<char>[] Of(DataViewSchema.Column scores, int classCount) =>
        Array.ConvertAll(WithIndices(Names(scores, classCount), classCount), name => name.AsMemory());

    /// <summary>The names, with the index for each that is missing.</summary>
    public static string[] WithIndices(string[]? names, int classCount) =>
    [
        .. Enumerable.Range(0, classCount).Select(
            index => names is not null && names[index].Length > 0 ? names[index] : index.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>The labels of <paramref name="scores"/>, or null where it has neither annotation.</summary>
    public static string[]? Names(DataViewSchema.Column scores, int classCount) =>
        Read(scores, ScoreAnnotations.SlotNames, classCount) ?? Read(scores, ScoreAnnotations.TrainingLabelValues, classCount);

    /// <summary>The index of the class of this name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class; the message lists the classes.</exception>
    public static int IndexOf(DataViewSchema.Column scores, int classCount, string name)
    {
        var names = WithIndices(Names(scores, classCount), classCount);
        var index = Array.IndexOf(names, name);
        return index >= 0 ? index : throw SchemaChecks.Refused(
            $"Column '{scores.Name}' has no class '{name}'. Its classes are {LabelColumn.Some(names)}. Give the name of one of them.");
    }

    /// <summary>The values of an annotation of one value per class, as text; null where there is none of that size.</summary>
    public static string[]? Read(DataViewSchema.Column scores, string kind, int classCount)
    {
        if (scores.Annotations.Schema.GetColumnOrNull(kind)?.Type is not VectorDataViewType type || type.Size != classCount) return null;
        return (string[])ReadValuesOfType.MakeGenericMethod(type.ItemType.RawType).Invoke(null, [scores.Annotations, kind])!;
    }

    private static string[] ReadValues<T>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> buffer = default;
        annotations.GetValue(kind, ref buffer);
        return [.. buffer.DenseValues().Select(Text)];
    }

    /// <summary>A label of any type as text, with the invariant culture.</summary>
    public static string Text<T>(T value) => value switch
    {
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}

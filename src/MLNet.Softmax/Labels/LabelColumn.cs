namespace MLNet.Softmax.Labels;

/// <summary>
/// Finds the class that a row truly belongs to: from a key, by the values that it stands for where both sides have names; from text, by the
/// name of the class; from numbers, by the name of the class where all classes are named by numbers, else as the 0-based index.
/// </summary>
internal static class LabelColumn
{
    /// <summary>The row has no label.</summary>
    public const int Missing = -1;

    /// <summary>The label is none of the classes.</summary>
    public const int Unknown = -2;

    /// <summary>
    /// Gives, for each cursor, what reads the class of the cursor's row: 0-based, or <see cref="Missing"/> or <see cref="Unknown"/>.
    /// </summary>
    public static Func<DataViewRow, Func<int>> Reader(DataViewSchema.Column label, DataViewSchema.Column scores, string[] classNames)
    {
        switch (label.Type)
        {
            case KeyDataViewType key:
                var classes = KeyLabels.Classes(label, key, scores, classNames);
                return key.RawType == typeof(byte) ? Read<byte>(label, value => classes[value])
                    : key.RawType == typeof(ushort) ? Read<ushort>(label, value => classes[value])
                    : key.RawType == typeof(uint) ? Read<uint>(label, value => value < (uint)classes.Length ? classes[value] : Unknown)
                    : Read<ulong>(label, value => value < (ulong)classes.Length ? classes[value] : Unknown);
            case TextDataViewType:
                var byName = ByName(classNames).GetAlternateLookup<ReadOnlySpan<char>>();
                return Read<ReadOnlyMemory<char>>(label, text =>
                    text.Span.IsWhiteSpace() ? Missing : byName.TryGetValue(text.Span.Trim(), out var found) ? found : Unknown);
            case BooleanDataViewType:
                var names = ByName(classNames);
                var no = names.GetValueOrDefault(bool.FalseString, classNames.Length == 2 ? 0 : Unknown);
                var yes = names.GetValueOrDefault(bool.TrueString, classNames.Length == 2 ? 1 : Unknown);
                return Read<bool>(label, value => value ? yes : no);
            case NumberDataViewType number:
                return Numbers(label, number, classNames);
            default:
                throw SchemaChecks.Refused(
                    $"Column '{label.Name}' is {label.Type}, but a label is expected: "
                    + "a key (see Transforms.Conversion.MapValueToKey), text, or a number.", "data");
        }
    }

    private static Func<DataViewRow, Func<int>> Numbers(DataViewSchema.Column label, NumberDataViewType type, string[] classNames)
    {
        var classOf = NumberLabels.Classes(classNames);
        return type.RawType switch
        {
            var raw when raw == typeof(float) => Read<float>(label, value => classOf(value)),
            var raw when raw == typeof(double) => Read<double>(label, classOf),
            var raw when raw == typeof(sbyte) => Read<sbyte>(label, value => classOf(value)),
            var raw when raw == typeof(byte) => Read<byte>(label, value => classOf(value)),
            var raw when raw == typeof(short) => Read<short>(label, value => classOf(value)),
            var raw when raw == typeof(ushort) => Read<ushort>(label, value => classOf(value)),
            var raw when raw == typeof(int) => Read<int>(label, value => classOf(value)),
            var raw when raw == typeof(uint) => Read<uint>(label, value => classOf(value)),
            var raw when raw == typeof(long) => Read<long>(label, value => classOf(value)),
            _ => Read<ulong>(label, value => classOf(value)),
        };
    }

    private static Func<DataViewRow, Func<int>> Read<T>(DataViewSchema.Column label, Func<T, int> classOf) => row =>
    {
        var getter = row.GetGetter<T>(label);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return classOf(value);
        };
    };

    /// <summary>The first class of each name.</summary>
    internal static Dictionary<string, int> ByName(string[] classNames)
    {
        var indices = new Dictionary<string, int>();
        for (var index = 0; index < classNames.Length; index++)
            indices.TryAdd(classNames[index].Trim(), index);
        return indices;
    }
}

/// <summary>Numbers as labels: the class named by the number where all classes are named by numbers, else the 0-based index.</summary>
internal static class NumberLabels
{
    public static Func<double, int> Classes(string[] classNames)
    {
        var byValue = new Dictionary<double, int>();
        for (var index = 0; index < classNames.Length; index++)
        {
            if (!double.TryParse(classNames[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !byValue.TryAdd(value, index))
                return value => ByIndex(value, classNames.Length);
        }

        return value => double.IsNaN(value) ? LabelColumn.Missing : byValue.GetValueOrDefault(value, LabelColumn.Unknown);
    }

    private static int ByIndex(double value, int classCount) =>
        double.IsNaN(value) ? LabelColumn.Missing
        : value >= 0 && value < classCount && Math.Floor(value) == value ? (int)value
        : LabelColumn.Unknown;
}

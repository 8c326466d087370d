using System.Globalization;

namespace MLNet.Softmax.Tool;

/// <summary>
/// Finds the class of a label in a file: by the name of the class's column, by the number at the end of it, or by its index.
/// </summary>
internal sealed class LabelFinder
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _classes;
    private readonly bool _isByIndex;
    private bool _foundFirst;
    private bool _foundCount;

    /// <param name="classNames">The name of each class.</param>
    /// <param name="columns">The names of their columns, which labels may also use.</param>
    public LabelFinder(IReadOnlyList<string> classNames, IReadOnlyList<string> columns)
    {
        ClassNames = classNames;
        // Names match in any case, unless some differ in nothing else.
        var byName = new Dictionary<string, int>(
            classNames.Distinct(StringComparer.OrdinalIgnoreCase).Count() == classNames.Count
                ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        Add(byName, classNames);
        var areNumbers = classNames.Any(name => int.TryParse(name, CultureInfo.InvariantCulture, out _));
        if (!areNumbers)
            Add(byName, NamesOf(columns).Names);
        Add(byName, columns);
        _isByIndex = !byName.Keys.Any(name => int.TryParse(name, CultureInfo.InvariantCulture, out _));
        if (_isByIndex)
            Add(byName, [.. Enumerable.Range(0, classNames.Count).Select(index => index.ToString(CultureInfo.InvariantCulture))]);
        if (classNames.Count == 2 && byName.GetValueOrDefault("0", -1) == 0 && byName.GetValueOrDefault("1", -1) == 1)
        {
            foreach (var (text, index) in new[] { ("false", 0), ("False", 0), ("true", 1), ("True", 1) })
                byName.TryAdd(text, index);
        }

        _classes = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// Null, or why the labels found cannot be right: one equals the number of classes, although labels are indices from 0.
    /// </summary>
    public string? Refusal => !_foundCount ? null
        : _foundFirst ? $"'{ClassNames.Count}' is none of the classes 0 to {ClassNames.Count - 1}"
        : $"the labels may count from 0 or from 1: {ClassNames.Count} occurs and 0 does not. Say --class-names 1,2,... to "
            + $"{ClassNames.Count}, or --class-names 0,1,... to {ClassNames.Count - 1}";

    /// <summary>
    /// The classes of the columns: the numbers at the ends of the names if these differ in nothing else, otherwise the names.
    /// </summary>
    public static (string[] Names, bool AreNumbered) NamesOf(IReadOnlyList<string> columns)
    {
        var prefixes = columns.Select(Prefix).Distinct().ToArray();
        return prefixes.Length == 1 && columns.All(column => column.Length > prefixes[0].Length)
            ? ([.. columns.Select(column => column[prefixes[0].Length..])], true) : ([.. columns], false);
    }

    /// <summary>A name without the digits at its end.</summary>
    public static string Prefix(string name) => name.TrimEnd([.. "0123456789"]);

    /// <summary>Returns the class, or a negative number if there is none.</summary>
    public int Find(ReadOnlySpan<char> label)
    {
        if (_classes.TryGetValue(label, out int index))
        {
            _foundFirst |= index == 0;
            return index;
        }

        // A label that was written as a floating-point number.
        if (label.EndsWith(".0"))
            return Find(label[..^2]);
        if (_isByIndex && int.TryParse(label, CultureInfo.InvariantCulture, out int number) && number == ClassNames.Count)
        {
            // An error, reported after all rows are read.
            _foundCount = true;
            return number - 1;
        }

        return -1;
    }

    private static void Add(Dictionary<string, int> classes, IReadOnlyList<string> names)
    {
        for (int index = 0; index < names.Count; index++)
            classes.TryAdd(names[index], index);
    }
}

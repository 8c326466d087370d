using System.Globalization;

namespace MulticlassEvaluation;

/// <summary>
/// Finds the class that a label in a file names: by the name of its column, by the number at the end of it, or by its index.
/// </summary>
internal sealed class LabelFinder
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _classes;
    private readonly bool _isByIndex;
    private bool _foundFirst;
    private bool _foundCount;

    /// <param name="columns">The columns of the classes.</param>
    /// <param name="classNames">Names that take the place of the columns'; null for none.</param>
    public LabelFinder(string[] columns, IReadOnlyList<string>? classNames)
    {
        var prefixes = columns.Select(Prefix).Distinct().ToArray();
        AreNumbered = prefixes.Length == 1 && columns.All(column => column.Length > prefixes[0].Length);
        ClassNames = AreNumbered ? [.. columns.Select(column => column[prefixes[0].Length..])] : columns;
        // Names of true and false are written in any case.
        var byName = new Dictionary<string, int>(
            columns.All(name => bool.TryParse(name, out _)) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        Add(byName, classNames ?? []);
        Add(byName, ClassNames);
        Add(byName, columns);
        _isByIndex = !byName.Keys.Any(name => int.TryParse(name, CultureInfo.InvariantCulture, out _));
        if (_isByIndex)
            Add(byName, [.. Enumerable.Range(0, columns.Length).Select(index => index.ToString(CultureInfo.InvariantCulture))]);
        _classes = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string[] ClassNames { get; }

    /// <summary>Whether the columns differ in the numbers at their ends alone.</summary>
    public bool AreNumbered { get; }

    /// <summary>
    /// Null, or why the labels found cannot be right: one was the number of classes although labels are indices, which end before it.
    /// </summary>
    public string? Refusal => !_foundCount ? null
        : _foundFirst ? $"'{ClassNames.Length}' is none of the classes 0 to {ClassNames.Length - 1}"
        : $"the labels may count from 0 or from 1: {ClassNames.Length} occurs and 0 does not. Say --class-names 1,2,... to "
            + $"{ClassNames.Length}, or --class-names 0,1,... to {ClassNames.Length - 1}";

    /// <summary>A name without the digits at its end.</summary>
    public static string Prefix(string name) => name.TrimEnd([.. "0123456789"]);

    /// <summary>The class, or a negative number for none.</summary>
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
        if (_isByIndex && int.TryParse(label, CultureInfo.InvariantCulture, out int number) && number == ClassNames.Length)
        {
            // Refused when all rows are read.
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

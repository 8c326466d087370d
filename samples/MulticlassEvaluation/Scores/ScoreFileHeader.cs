using System.Globalization;

namespace MulticlassEvaluation.Scores;

/// <summary>Which column of a file holds what: the label, the score of each class, and perhaps a name of the row.</summary>
internal sealed class ScoreFileHeader
{
    private const int HeaderRow = 1;

    private readonly string _file;
    private readonly string[] _columns;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _labels;

    public ScoreFileHeader(string file, IReadOnlyList<string> columns, ScoreFileColumns named)
    {
        _file = file;
        _columns = [.. columns];
        if (_columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ScoreFileException(file, HeaderRow, twice.Key, "appears twice");
        Label = Find(named.Label, "--label");
        RowName = named.RowName is null ? null : Find(named.RowName, "--row-name");
        Classes = [.. Enumerable.Range(0, _columns.Length).Where(column => column != Label && column != RowName)];
        if (Classes.Length < 2)
        {
            throw new ScoreFileException(
                file, HeaderRow, named.Label,
                $"beside it at least two columns of scores are expected, one a class; found {Classes.Length}");
        }

        bool isNumbered = Classes.Select(ColumnName).Select((name, index) => IsNumbered(name, index)).All(fits => fits);
        ClassNames = [.. Classes.Select((column, index) => isNumbered ? index.ToString(CultureInfo.InvariantCulture) : ColumnName(column))];
        _labels = Labels(isNumbered).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int ColumnCount => _columns.Length;

    public int Label { get; }

    public int? RowName { get; }

    public int[] Classes { get; }

    /// <summary>The columns' names; the plain numbers 0, 1, ... where the columns are P0, P1, ...</summary>
    public string[] ClassNames { get; }

    public string ColumnName(int column) => _columns[column];

    /// <summary>The class that a label names, by its name or by the name of its column; -1 where it names none.</summary>
    public int ClassOf(ReadOnlySpan<char> label) => _labels.TryGetValue(label, out int index) ? index : -1;

    private Dictionary<string, int> Labels(bool isNumbered)
    {
        var labels = new Dictionary<string, int>();
        for (int index = 0; index < Classes.Length; index++)
        {
            labels[ColumnName(Classes[index])] = index;
            if (isNumbered)
                labels[ClassNames[index]] = index;
        }

        return labels;
    }

    private int Find(string name, string option)
    {
        int index = Array.IndexOf(_columns, name);
        return index >= 0 ? index : throw new ScoreFileException(
            _file, HeaderRow, name, $"is missing; the header has {Shorten(_columns)}. Name the column with {option}");
    }

    public static string Shorten(IReadOnlyList<string> names) =>
        names.Count <= 8 ? string.Join(", ", names) : string.Join(", ", names.Take(6)) + ", ... " + names[^1];

    /// <summary>Whether a name is a letter or two and the number of the column, as P0, P1 or L0, L1.</summary>
    private static bool IsNumbered(string name, int index)
    {
        string digits = name.TrimStart([.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"]);
        return name.Length - digits.Length <= 2 && digits == index.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>The columns that the command line names.</summary>
internal sealed record ScoreFileColumns(string Label, string? RowName);

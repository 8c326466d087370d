using Microsoft.ML;

namespace MulticlassEvaluation;

/// <summary>What the command line says about a file of scores.</summary>
/// <param name="Path">The file; one that ends in .gz is unpacked on the way.</param>
/// <param name="Label">The column of labels.</param>
/// <param name="RowName">The column that names the rows; null for none.</param>
/// <param name="ScoreColumns">The columns of the scores, one a class; null to find them.</param>
/// <param name="ScoreKind">Logits or probabilities.</param>
/// <param name="CalibrateOn">The share of the rows, from the top, that a
/// temperature is fitted on; the rest is evaluated. Null for none.</param>
/// <param name="IsStreaming">Whether to leave out all that needs memory for each row.</param>
/// <param name="ClassNames">Names for the classes, in the order of their columns; null for those of the columns.</param>
internal sealed record ScoreFileSettings(
    string Path, string Label, string? RowName, IReadOnlyList<string>? ScoreColumns, ScoreKind ScoreKind, double? CalibrateOn,
    bool IsStreaming, IReadOnlyList<string>? ClassNames)
{
    /// <summary>The error of a file, which names it, the row, and where in the row it is.</summary>
    public FormatException Wrong(long row, string where, string problem) =>
        new($"{System.IO.Path.GetFileName(Path)}, row {row}{where}: {problem}.");
}

/// <summary>Which column of a file of scores holds what.</summary>
internal sealed class ScoreFileHeader
{
    private readonly ScoreFileSettings _settings;

    public ScoreFileHeader(string[] names, ScoreFileSettings settings)
    {
        (_settings, Names) = (settings, names);
        if (names.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Wrong(twice.Key, "appears twice");
        Label = Find(settings.Label, "--label");
        RowName = settings.RowName is null ? null : Find(settings.RowName, "--row-name");
        Scores = settings.ScoreColumns is { } named
            ? [.. named.Select(column => Find(column, "--score-columns"))]
            : FindScoreColumns();
        if (Scores.Length < 2)
            throw Wrong(settings.Label, $"beside it at least two columns of scores are expected, one a class; found {Scores.Length}");
    }

    public string[] Names { get; }

    public int Label { get; }

    public int? RowName { get; }

    /// <summary>The columns of the classes.</summary>
    public int[] Scores { get; }

    /// <summary>The columns that hold neither labels nor names nor scores.</summary>
    public IEnumerable<string> NotRead => Enumerable.Range(0, Names.Length).Except(Scores)
        .Where(column => column != Label && column != RowName).Select(column => Names[column]);

    public static string Shorten(string[] names) =>
        names.Length <= 8 ? string.Join(", ", names) : string.Join(", ", names.Take(6)) + ", ... " + names[^1];

    /// <summary>The error of a column that its values or its name show.</summary>
    public FormatException Wrong(string column, string problem) => _settings.Wrong(1, $", column {column}", problem);

    /// <summary>
    /// Columns of one name that differ in the numbers at their ends, as prob_class_0 and prob_class_1, are the scores, whatever else there
    /// is. Without them, all columns are but those of labels and names and one without a name, which holds row numbers.
    /// </summary>
    private int[] FindScoreColumns()
    {
        int[] others = [.. Enumerable.Range(0, Names.Length).Where(column => column != Label && column != RowName)];
        var numbered = others.Where(column => char.IsAsciiDigit(Names[column].LastOrDefault()))
            .GroupBy(column => LabelFinder.Prefix(Names[column])).Where(group => group.Count() > 1).ToArray();
        return numbered.Length switch
        {
            0 => [.. others.Where(column => Names[column].Length > 0)],
            1 => [.. numbered[0]],
            _ => throw _settings.Wrong(1, "", "the scores may be the columns "
                + string.Join(" or ", numbered.Select(group => $"{group.Key}...")) + ". Name them with --score-columns"),
        };
    }

    private int Find(string name, string option) => Array.IndexOf(Names, name) is >= 0 and var index
        ? index : throw Wrong(name, $"is missing; the header has {Shorten(Names)}. Name the column with {option}");
}

using System.Globalization;
using System.IO.Enumeration;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Tool.Tables;
using static MLNet.Softmax.Tool.ColumnNames;

namespace MLNet.Softmax.Tool;

/// <summary>What the command line says about the columns of score files.</summary>
/// <param name="Label">The column of labels; null to find it.</param>
/// <param name="Scores">The columns of the scores, one per class, or one column with lists; null to find them.</param>
/// <param name="Ignored">Columns that contain none of these.</param>
/// <param name="RowId">The column that names the rows; null to find it.</param>
/// <param name="ClassNames">Names for the classes, in the order of their scores; null to take those of the columns.</param>
/// <param name="AreLogits">Whether the scores are logits; null to detect it.</param>
/// <param name="Weight">The column of example weights; null if every row counts 1.</param>
/// <param name="Decision">The column of decisions to evaluate; null for none.</param>
internal sealed record LayoutOptions(
    string? Label = null, IReadOnlyList<string>? Scores = null, IReadOnlyList<string>? Ignored = null, string? RowId = null,
    IReadOnlyList<string>? ClassNames = null, bool? AreLogits = null, string? Weight = null, string? Decision = null);

/// <summary>The meaning of each column of a table. If it is uncertain, an error names the options that decide it.</summary>
internal sealed class ScoreLayout
{
    private readonly Table _table;
    private readonly LayoutOptions _options;
    private readonly SampledRows _sample;
    private readonly int[] _ignored;
    private HashSet<string>? _labelValues;

    private ScoreLayout(Table table, LayoutOptions options)
    {
        (_table, _options, _sample) = (table, options, new SampledRows(table.Sample(MostSampledRows)));
        Columns = [.. table.Columns.Select(column => column.Name)];
        if (Columns.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1 && group.Key.Length > 0) is { } twice)
            throw table.Wrong(twice.Key, "the header has this name twice. " + Remedy("Rename one of the columns"));
        _ignored = [.. (options.Ignored ?? []).SelectMany(column => FindAll(column, "--ignore"))];
        Label = options.Label is { } label ? Find(label, "--label") : FindLabel();
        Weight = options.Weight is { } weight ? Find(weight, "--weights") : null;
        Decision = options.Decision is { } decision ? Find(decision, "--decide") : null;
        RowId = options.RowId is { } id ? Find(id, "--row-id") : FindRowId();
        Scores = options.Scores is { } scores ? SelectedScores(scores) : FindScores();
        if (Scores.Contains(Label))
            throw table.Wrong(Columns[Label], "it cannot hold the labels and scores. Say which with --label and --scores");
        IsList = Scores is [var only] && table.Columns[only].IsList;
        IsPositiveOnly = Scores.Length == 1 && !IsList;
        SetClassNames();
        AreLogits = options.AreLogits ?? FindKind();
    }

    /// <summary>The number of rows that are inspected before the work begins.</summary>
    public const int MostSampledRows = 200;

    public string[] Columns { get; }

    public int Label { get; }

    public int? RowId { get; }

    /// <summary>The column of example weights; null if every row counts 1.</summary>
    public int? Weight { get; }

    /// <summary>The column of decisions to evaluate; null for none.</summary>
    public int? Decision { get; }

    /// <summary>
    /// The columns of the scores. It is a single one if it contains lists, or the probability of the second of two classes.
    /// </summary>
    public int[] Scores { get; }

    /// <summary>Whether the scores of each row are a list.</summary>
    public bool IsList { get; }

    /// <summary>Whether there is one probability per row, that of the second class.</summary>
    public bool IsPositiveOnly { get; }

    public bool AreLogits { get; }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; private set; } = [];

    /// <summary>The names of the classes in the columns, which labels may also use.</summary>
    public IReadOnlyList<string> ColumnNames { get; private set; } = [];

    /// <summary>Whether the columns were recognised by a naming pattern, so that each is a class even if no row belongs to it.</summary>
    public bool AreCertain { get; private set; } = true;

    public int ClassCount => ClassNames.Count;

    public static ScoreLayout Of(Table table, LayoutOptions options)
    {
        var layout = new ScoreLayout(table, options);
        int?[] texts = [layout.Label, layout.RowId, layout.Weight, layout.Decision];
        table.Select([.. texts.OfType<int>().Distinct()], layout.Scores);
        return layout;
    }

    /// <summary>Requires the same columns, classes and kind of scores as another table; an error names what differs.</summary>
    public void RequireSameAs(ScoreLayout first)
    {
        if (!ClassNames.SequenceEqual(first.ClassNames))
        {
            throw _table.Wrong("", $"its classes are {Shorten(ClassNames)}, but those of {first._table.Name} are "
                + $"{Shorten(first.ClassNames)}. Files that are evaluated together need the same classes in the same order");
        }
    }

    /// <summary>One line, such as: label: y_true; scores: prob_cat, prob_dog; ignored: id, correct.</summary>
    public override string ToString()
    {
        var ignored = Enumerable.Range(0, Columns.Length).Where(column => !IsUsed(column) && !Scores.Contains(column))
            .Select(column => Columns[column].Length == 0 ? "(no name)" : Columns[column]).ToArray();
        var kind = AreLogits ? "logits" : "probabilities";
        return $"label: {Columns[Label]}; {kind}: {Shorten([.. Scores.Select(column => Columns[column])])}"
            + (IsList ? $" (lists of {ClassCount})" : IsPositiveOnly ? $" (of {ClassNames[1]})" : "")
            + Part("decision", Decision) + Part("weight", Weight) + Part("row id", RowId)
            + (ignored.Length == 0 ? "" : $"; ignored: {Shorten(ignored)}");
    }

    private string Part(string name, int? column) => column is { } index ? $"; {name}: {Columns[index]}" : "";

    /// <summary>Whether the column holds something other than scores.</summary>
    private bool IsUsed(int column) => column == Label || column == RowId || column == Weight || column == Decision;

    public static string Shorten(IReadOnlyList<string> names) =>
        names.Count <= 8 ? string.Join(", ", names) : string.Join(", ", names.Take(6)) + ", ... " + names[^1];

    private int Find(string name, string option) => Array.IndexOf(Columns, name) is >= 0 and var index ? index
        : throw _table.Wrong(name, $"is missing; the header has {Shorten(Columns)}. Name a column that is there with {option}");

    private bool IsUsedByOption(int column) =>
        IsIgnored(column) || Columns[column] == _options.Weight || Columns[column] == _options.Decision;

    private bool IsIgnored(int column) => _ignored.Contains(column);

    /// <summary>The columns that a name on the command line stands for; * stands for any characters.</summary>
    private int[] FindAll(string name, string option)
    {
        int[] found = Columns.Contains(name) || !name.Contains('*') ? [] : [.. Enumerable.Range(0, Columns.Length)
            .Where(column => FileSystemName.MatchesSimpleExpression(name, Columns[column], ignoreCase: false))];
        return found.Length > 0 ? found : [Find(name, option)];
    }

    private int FindLabel()
    {
        int[] found = [.. Enumerable.Range(0, Columns.Length)
            .Where(column => !IsUsedByOption(column) && !IsScore(column) && LabelNames.Contains(Normalize(Columns[column])))];
        if (found.Length > 1 && Array.FindAll(found, column => Normalize(Columns[column]) == "label") is [var plain])
            return plain;
        return found.Length switch
        {
            1 => found[0],
            0 => throw _table.Wrong("", $"no column is named as labels are; the header has {Shorten(Columns)}. "
                + Remedy("Name it with --label")),
            _ => throw _table.Wrong(
                "", $"the labels may be in {string.Join(" or ", found.Select(column => Columns[column]))}. Name the column with --label"),
        };
    }

    private bool IsScore(int column) => _options.Scores?.Contains(Columns[column]) == true;

    private int? FindRowId()
    {
        int[] found = [.. Enumerable.Range(0, Columns.Length)
            .Where(column => !IsUsed(column) && !IsIgnored(column) && !IsScore(column) && RowIdNames.Contains(Normalize(Columns[column]))
                && !LabelValues().Contains(Columns[column]))];
        return found is [var only] ? only : null;
    }

    private int[] SelectedScores(IReadOnlyList<string> names) => [.. names
        .SelectMany(name => FindAll(name, "--scores").Where(column => column != Label || !name.Contains('*'))).Distinct()];

    private int[] FindScores()
    {
        int[] others = [.. Enumerable.Range(0, Columns.Length).Where(column => !IsUsed(column) && !IsIgnored(column))];
        int[] lists = [.. others.Where(column => _table.Columns[column].IsList)];
        if (lists.Length == 1)
            return lists;
        if (lists.Length > 1)
        {
            throw _table.Wrong(
                "", $"the scores may be {string.Join(" or ", lists.Select(column => Columns[column]))}. Name the column with --scores");
        }

        var named = others.Select(column => (Column: column, Match: ScorePattern().Match(Columns[column])))
            .Where(one => one.Match.Success && !IgnoredNames.Contains(Normalize(Columns[one.Column])))
            .GroupBy(one => one.Match.Groups["kind"].Value.ToLowerInvariant(), one => one.Column).Where(group => group.Count() > 1)
            .ToArray();
        var numbered = others.Where(column => char.IsAsciiDigit(Columns[column].LastOrDefault()) && _sample.AreNumbers(column))
            .GroupBy(column => LabelFinder.Prefix(Columns[column])).Where(group => group.Count() > 1).ToArray();
        var groups = named.Select(group => group.ToArray()).Concat(numbered.Select(group => group.ToArray()))
            .DistinctBy(group => string.Join(',', group)).ToArray();
        // Columns that have the labels as names take precedence over columns that look numbered.
        int[] asLabels = [.. others.Where(column => LabelValues().Contains(Columns[column]))];
        if (groups.Length == 1 && asLabels.Length < 2)
            return groups[0];
        // Numbered columns beside them may be features.
        if (named is [var only] && asLabels.Length < 2)
            return [.. only];
        if (groups.Length > 1)
        {
            throw _table.Wrong("", "the scores may be the columns "
                + string.Join(" or ", groups.Select(group => $"{Columns[group[0]]} to {Columns[group[^1]]}"))
                + ". Name them with --scores");
        }

        // What is named as a label is a class, even if it is called "hit" or "split".
        int[] rest = [.. others.Where(column => _sample.AreNumbers(column) && !RankPattern().IsMatch(Columns[column])
            && (!IgnoredNames.Contains(Normalize(Columns[column])) || LabelValues().Contains(Columns[column])))];
        AreCertain = false;
        if (rest.Length == 0)
            rest = [.. others.Where(column => PredictionNames.Contains(Normalize(Columns[column])) && _sample.AreFractions(column))];
        return rest.Length switch
        {
            > 1 => rest,
            1 when SingleNames.Contains(Normalize(Columns[rest[0]])) || PredictionNames.Contains(Normalize(Columns[rest[0]])) => rest,
            _ when Columns.Any(name => RankPattern().IsMatch(name)) => throw _table.Wrong(
                "", "the scores are in the order of their size, so that no column is a class. Save the rows that ML.NET evaluated, with "
                + "their column Score: mlContext.Data.SaveAsText(scored, stream)"),
            _ => throw _table.Wrong("", $"beside the labels in {Columns[Label]}, at least two columns of scores are expected, one a class; "
                + $"found {(rest.Length == 0 ? "none" : Columns[rest[0]])}. Name them with --scores"),
        };
    }

    private HashSet<string> LabelValues() => _labelValues ??= [.. _sample.Values(Label)];

    /// <summary>What to do about the header: it may be missing if there are probabilities in it.</summary>
    private string Remedy(string usual) =>
        Columns.Any(IsFraction) ? "If that is a row of scores, put the names of the columns above it" : usual;

    private static bool IsFraction(string text) =>
        text.Contains('.') && double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1;

    private void SetClassNames()
    {
        if (IsPositiveOnly)
        {
            SetTwoClasses();
            return;
        }

        var count = IsList ? _table.FirstLists(Scores[0]).Select(row => row.Length).FirstOrDefault() : Scores.Length;
        string[] columns = IsList ? [.. Enumerable.Range(0, count).Select(index => index.ToString(CultureInfo.InvariantCulture))]
            : [.. Scores.Select(column => Columns[column])];
        var matches = columns.Select(name => ScorePattern().Match(name)).ToArray();
        string[] inner = [.. columns.Zip(matches, (name, match) => match.Success ? match.Groups["class"].Value : name)];
        // The common part of the names is removed only if all columns have it and no label is a column's full name.
        var isWrapped = matches.All(match => match.Success) && matches.DistinctBy(match => match.Groups["kind"].Value).Count() == 1
            && !columns.Any(LabelValues().Contains);
        var (names, areNumbered) = LabelFinder.NamesOf(isWrapped ? inner : columns);
        (ClassNames, ColumnNames) = (_options.ClassNames ?? names, isWrapped ? inner : columns);
        AreCertain |= isWrapped || IsList || areNumbered;
        if (ClassNames.Count != count)
            throw _table.Wrong("", $"--class-names gives {ClassNames.Count} names, but there are {count} classes");
        if (count < 2)
            throw _table.Wrong(Columns[Scores[0]], $"at least two classes are expected; found {count}");
    }

    /// <summary>A single probability per row is that of true or 1. For other labels, the command line says which.</summary>
    private void SetTwoClasses()
    {
        if (_options.ClassNames is { } names)
        {
            ClassNames = names.Count == 2 ? names : throw _table.Wrong(
                Columns[Scores[0]], $"one probability a row is for two classes, but --class-names gives {names.Count} names");
            return;
        }

        string[] labels = [.. LabelValues().Where(label => label.Length > 0).Select(label => label.ToLowerInvariant()).Distinct()];
        ClassNames = labels.All(label => label is "0" or "1" or "0.0" or "1.0") ? ["0", "1"]
            : labels.All(label => label is "false" or "true") ? ["false", "true"]
            : throw _table.Wrong(
                Columns[Scores[0]], $"it holds one probability a row, but the labels ({Shorten(labels)}) do not say of which class. "
                + "Give both names, the one that the probability is of as the second, with --class-names"
                + (labels is [var first, var second] ? $", such as --class-names {first},{second}" : ""));
    }

    /// <summary>
    /// Whether the scores are logits, judged by the first rows. Logarithms of probabilities are logits too: a softmax leaves them as they
    /// are.
    /// </summary>
    private bool FindKind()
    {
        if (IsPositiveOnly)
            return false;
        var (logits, others, distributions) = (0, 0, 0);
        foreach (var row in IsList ? _table.FirstLists(Scores[0]).Take(MostSampledRows) : _sample.FiniteScores(Scores))
        {
            var kind = ProbabilityRow.Examine(row);
            _ = kind is ProbabilityRowKind.Logits or ProbabilityRowKind.LogProbabilities ? logits++ : others++;
            distributions += kind is ProbabilityRowKind.Probabilities ? 1 : 0;
        }

        if (Scores.All(column => Normalize(Columns[column]).StartsWith("logit", StringComparison.Ordinal)))
            return logits > 0 || others > distributions;
        // A row of logits can look like probabilities by chance, but many rows of probabilities never all look like logits.
        return logits > 0 && logits >= others;
    }
}

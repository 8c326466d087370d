using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Metrics;

namespace MulticlassEvaluation;

/// <summary>What the command line says about a file of scores.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The column of labels.</param>
/// <param name="RowName">The column that names the rows; null for none.</param>
/// <param name="ScoreKind">Logits or probabilities.</param>
/// <param name="CalibrateOn">The share of the rows, from the top, that a
/// temperature is fitted on; the rest is evaluated. Null for none.</param>
/// <param name="IsStreaming">Whether to leave out all that needs memory for each row.</param>
/// <param name="ClassNames">Names for the classes, in the order of their columns; null for those of the columns.</param>
internal sealed record ScoreFileSettings(
    string Path, string Label, string? RowName, ScoreKind ScoreKind, double? CalibrateOn, bool IsStreaming,
    IReadOnlyList<string>? ClassNames);

/// <summary>
/// Reads a file of labelled scores, some rows at a time, into memory that is used again for the next ones, and stops with a clear word at
/// the first thing that is wrong. Rows are counted as an editor or a spreadsheet counts them: the header is row 1.
/// </summary>
internal sealed class ScoreFileReader : IDisposable
{
    private const int MostRows = 1024;

    /// <summary>The most scores in memory at a time: 16 MB of them, or one row.</summary>
    private const int MostScores = 1 << 22;

    private readonly ScoreFileSettings _settings;
    private readonly StreamReader _reader;
    private readonly CsvLine _line = new();
    private readonly string[] _columns;
    private readonly int _labelColumn;
    private readonly int? _nameColumn;
    private readonly int[] _classColumns;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _classes;
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly ulong[] _numbers;
    private readonly ReadOnlyMemory<char>[] _names;
    private int _count;
    private long _row;

    public ScoreFileReader(ScoreFileSettings settings)
    {
        _settings = settings;
        _reader = new StreamReader(settings.Path);
        if (!MoveToNextRow())
            throw WrongHeader(settings.Label, "the file is empty; a header is expected, such as Label,P0,P1");
        _columns = [.. Enumerable.Range(0, _line.Count).Select(column => _line[column].ToString())];
        if (_columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw WrongHeader(twice.Key, "appears twice");
        _labelColumn = Find(settings.Label, "--label");
        _nameColumn = settings.RowName is null ? null : Find(settings.RowName, "--row-name");
        _classColumns = [.. Enumerable.Range(0, _columns.Length).Where(column => column != _labelColumn && column != _nameColumn)];
        if (_classColumns.Length < 2)
        {
            throw WrongHeader(
                settings.Label, $"beside it at least two columns of scores are expected, one a class; found {_classColumns.Length}");
        }

        string[] names = [.. _classColumns.Select(column => _columns[column])];
        ClassNames = names.Select(IsNumbered).All(fits => fits) ? [.. Enumerable.Range(0, names.Length).Select(Text)] : names;
        var classes = new Dictionary<string, int>();
        for (int index = 0; index < names.Length; index++)
            classes[names[index]] = classes[ClassNames[index]] = index;
        _classes = classes.GetAlternateLookup<ReadOnlySpan<char>>();
        Capacity = Math.Clamp(MostScores / ClassCount, 1, MostRows);
        (_scores, _labels, _numbers) = (new float[Capacity * ClassCount], new int[Capacity], new ulong[Capacity]);
        _names = new ReadOnlyMemory<char>[Capacity];
    }

    public int ClassCount => _classColumns.Length;

    /// <summary>The most rows in memory at a time, the fewer the more classes there are.</summary>
    public int Capacity { get; }

    /// <summary>The columns' names; the plain numbers 0, 1, ... where the columns are P0, P1, ...</summary>
    public string[] ClassNames { get; }

    /// <summary>The scores of the rows in memory, row after row, one value a class.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count * ClassCount);

    /// <summary>The class of each row in memory.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);

    /// <summary>Where each row stands in the file.</summary>
    public ReadOnlySpan<ulong> Numbers => _numbers.AsSpan(0, _count);

    /// <summary>Empty where the file has no column of names.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Names => _nameColumn is null ? [] : _names.AsSpan(0, _count);

    /// <summary>How many rows lie below the header, read and left out alike.</summary>
    public long RowsRead { get; private set; }

    public RowsLeftOut LeftOut { get; private set; } = RowsLeftOut.None;

    /// <summary>The bytes of the file read so far, by and large, out of all of them.</summary>
    public double ShareRead => _reader.BaseStream.Length == 0 ? 1 : (double)_reader.BaseStream.Position / _reader.BaseStream.Length;

    /// <summary>Reads up to <see cref="Capacity"/> or <paramref name="mostRows"/> rows of the file; false at its end.</summary>
    public bool Read(long mostRows)
    {
        _count = 0;
        for (long left = mostRows; _count < Capacity && left > 0; left--, RowsRead++)
        {
            if (!MoveToNextRow())
                return RowsRead == 0 ? throw Wrong(_row + 1, _labelColumn, "there are no rows below the header") : _count > 0;
            ReadRow();
        }

        return true;
    }

    public void Dispose() => _reader.Dispose();

    private bool MoveToNextRow()
    {
        while (_reader.ReadLine() is { } text)
        {
            _row++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            _line.Split(text);
            return _line.IsComplete ? true : throw Wrong(_row, "", "a quoted field does not end");
        }

        return false;
    }

    private void ReadRow()
    {
        if (_line.Count < _columns.Length)
            throw Wrong(_row, _line.Count, $"is missing; the row has {_line.Count} of {_columns.Length} fields");
        if (_line.Count > _columns.Length)
        {
            throw Wrong(
                _row, _columns.Length - 1, $"is followed by more; the row has {_line.Count} fields, and the header has {_columns.Length}");
        }

        var scores = _scores.AsSpan(_count * ClassCount, ClassCount);
        for (int index = 0; index < scores.Length; index++)
            scores[index] = Number(_classColumns[index]);
        var label = _line[_labelColumn];
        if (!_classes.TryGetValue(label, out _labels[_count]) && !label.IsEmpty)
            throw Wrong(_row, _labelColumn, $"'{label}' is none of the classes {Shorten(ClassNames)}");
        // A row with NaN, +infinity, or nothing above -infinity, defines no distribution.
        if (scores.ContainsAny(float.NaN, float.PositiveInfinity) || !scores.ContainsAnyExcept(float.NegativeInfinity))
        {
            LeftOut = LeftOut with { NotFinite = LeftOut.NotFinite + 1 };
            return;
        }

        if (_settings.ScoreKind == ScoreKind.Probabilities)
            CheckProbabilities(scores);
        if (label.IsEmpty)
        {
            LeftOut = LeftOut with { MissingLabel = LeftOut.MissingLabel + 1 };
            return;
        }

        _numbers[_count] = (ulong)_row;
        _names[_count] = _nameColumn is { } name ? _line[name].ToString().AsMemory() : default;
        _count++;
    }

    private void CheckProbabilities(ReadOnlySpan<float> scores)
    {
        const string Hint = "; for raw scores say --score-kind logits";
        if (ProbabilityRow.IsDistribution(scores))
            return;
        int outside = scores.IndexOfAnyExceptInRange(0f, 1 + ProbabilityBlock.Tolerance);
        throw outside >= 0
            ? Wrong(_row, _classColumns[outside], $"{scores[outside]:G4} is no probability" + Hint)
            : Wrong(
                _row, $", column {_columns[_classColumns[0]]} to {_columns[_classColumns[^1]]}",
                $"the probabilities sum to {TensorPrimitives.Sum(scores):G4}, not to 1" + Hint);
    }

    private float Number(int column)
    {
        var text = _line[column];
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
            return value;
        return text switch
        {
            "inf" or "+inf" or "Inf" => float.PositiveInfinity,
            "-inf" or "-Inf" => float.NegativeInfinity,
            "" => throw Wrong(_row, column, "is empty, but a number is expected"),
            _ => throw Wrong(_row, column, $"'{text}' is not a number"),
        };
    }

    private int Find(string name, string option) => Array.IndexOf(_columns, name) is >= 0 and var index
        ? index : throw WrongHeader(name, $"is missing; the header has {Shorten(_columns)}. Name the column with {option}");

    private static string Shorten(string[] names) =>
        names.Length <= 8 ? string.Join(", ", names) : string.Join(", ", names.Take(6)) + ", ... " + names[^1];

    /// <summary>Whether a name is a letter or two and the number of the column, as P0, P1 or L0, L1.</summary>
    private static bool IsNumbered(string name, int index)
    {
        string digits = name.TrimStart([.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"]);
        return name.Length - digits.Length <= 2 && digits == Text(index);
    }

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);

    private FormatException WrongHeader(string column, string problem) => Wrong(1, $", column {column}", problem);

    private FormatException Wrong(long row, int column, string problem) => Wrong(row, $", column {_columns[column]}", problem);

    private FormatException Wrong(long row, string where, string problem) =>
        new($"{Path.GetFileName(_settings.Path)}, row {row}{where}: {problem}.");
}

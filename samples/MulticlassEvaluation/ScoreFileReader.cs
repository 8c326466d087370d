using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Metrics;
using nietras.SeparatedValues;

namespace MulticlassEvaluation;

/// <summary>
/// Reads a file of labelled scores, some rows at a time, into memory that is used again for the next but one, and stops with a clear message
/// at the first thing that is wrong. Lines are counted as an editor counts them: the header is row 1. The separator may be a comma, a
/// semicolon, a tab or a bar.
/// </summary>
internal sealed class ScoreFileReader : IDisposable
{
    private readonly ScoreFileSettings _settings;
    private readonly FileStream _file;
    private readonly bool _isCompressed;
    private readonly SepReader _reader;
    private readonly ScoreFileHeader _header;
    private readonly LabelFinder _finder;
    private readonly bool[] _isLabel;
    private readonly bool[] _isWhole;
    private ScoreRows _rows;
    private ScoreRows _rowsBefore;
    private ProbabilityRowKind? _kind;
    private bool _areAllDistributions = true;
    private bool _isAnyWhole = true;
    private long _charactersRead;

    public ScoreFileReader(ScoreFileSettings settings)
    {
        _settings = settings;
        _file = File.OpenRead(settings.Path);
        _isCompressed = settings.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var text = _isCompressed ? GzipFile.Inflate(_file) : _file;
        var options = Sep.Reader(options => options with
        {
            HasHeader = false,
            DisableColCountCheck = true,
            Unescape = true,
            Trim = SepTrim.All,
        });
        try
        {
            _reader = options.From(text);
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(exception);
        }

        if (!MoveNext())
            throw settings.Wrong(1, $", column {settings.Label}", "the file is empty; a header is expected, such as Label,P0,P1");
        _header = new ScoreFileHeader(
            [.. Enumerable.Range(0, _reader.Current.ColCount).Select(column => _reader.Current[column].ToString())], settings);
        _finder = new LabelFinder([.. _header.Scores.Select(column => _header.Names[column])], settings.ClassNames);
        // Rows of many classes are kept from taking much memory.
        Capacity = Math.Clamp((1 << 20) / ClassCount, 1, 1024);
        (_rows, _rowsBefore) = (new(Capacity, ClassCount), new(Capacity, ClassCount));
        (_isLabel, _isWhole) = (new bool[ClassCount], new bool[ClassCount]);
        Array.Fill(_isWhole, true);
    }

    /// <summary>The most rows in memory at a time.</summary>
    public int Capacity { get; }

    public int ClassCount => _header.Scores.Length;

    /// <summary>The columns' names; the numbers that they end in where the columns are P0, P1, ...</summary>
    public string[] ClassNames => _finder.ClassNames;

    /// <summary>The columns that hold neither labels nor names nor scores.</summary>
    public IEnumerable<string> ColumnsNotRead => _header.NotRead;

    /// <summary>
    /// The rows that were read last. Another thread may work on them while the next ones are read; then their memory is used again.
    /// </summary>
    public ScoreRows Rows => _rows;

    /// <summary>Whether the rows read so far are percentages; they were divided by their sums.</summary>
    public bool ArePercentages => _kind == ProbabilityRowKind.Percentages;

    /// <summary>The columns of scores that no label read so far names, where the names of the columns are those of the classes.</summary>
    public IEnumerable<string> ColumnsWithoutRows => _finder.AreNumbered || _settings.ScoreColumns is not null
        ? [] : Enumerable.Range(0, ClassCount).Where(index => !_isLabel[index]).Select(index => _header.Names[_header.Scores[index]]);

    /// <summary>How many rows lie below the header, read and left out alike.</summary>
    public long RowsRead { get; private set; }

    public RowsLeftOut LeftOut { get; private set; } = RowsLeftOut.None;

    /// <summary>The bytes of the file read so far, by and large, out of all of them.</summary>
    public double ShareRead => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>How many rows the file has, judged by the length of those read so far.</summary>
    public long EstimatedRows =>
        (long)((_isCompressed ? GzipFile.InflatedLength(_settings.Path) : _file.Length) * (double)RowsRead / Math.Max(1, _charactersRead));

    /// <summary>Reads up to <see cref="Capacity"/> or <paramref name="mostRows"/> rows of the file; false at its end.</summary>
    public bool Read(long mostRows)
    {
        (_rows, _rowsBefore) = (_rowsBefore, _rows);
        _rows.Count = 0;
        for (long left = mostRows; _rows.Count < Capacity && left > 0; left--, RowsRead++)
        {
            if (!MoveNext())
            {
                if (RowsRead == 0)
                    throw _settings.Wrong(2, $", column {_header.Names[_header.Label]}", "there are no rows below the header");
                CheckWhatOnlyAllRowsShow();
                return _rows.Count > 0;
            }

            ReadRow();
        }

        return true;
    }

    /// <summary>How many rows there are below the header.</summary>
    public static long CountRows(ScoreFileSettings settings)
    {
        using var reader = new ScoreFileReader(settings);
        long rows = 0;
        while (reader.MoveNext())
            rows++;
        return rows;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private bool MoveNext()
    {
        try
        {
            while (_reader.MoveNext())
            {
                if (_reader.Current.ColCount > 1 || !_reader.Current.Span.IsWhiteSpace())
                    return true;
            }

            return false;
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
        {
            throw Unreadable(exception);
        }
    }

    private FormatException Unreadable(Exception exception) => new(
        $"{Path.GetFileName(_settings.Path)}: the file is damaged, cut off, or has a quotation mark too many. {exception.Message}",
        exception);

    private void ReadRow()
    {
        var row = _reader.Current;
        int columns = _header.Names.Length;
        if (row.ColCount < columns)
            throw Wrong(row.ColCount, $"is missing; the row has {row.ColCount} of {columns} fields");
        if (row.ColCount > columns)
            throw Wrong(columns - 1, $"is followed by more; the row has {row.ColCount} fields, and the header has {columns}");

        _charactersRead += row.Span.Length + 1;
        var scores = _rows.AllScores.AsSpan(_rows.Count * ClassCount, ClassCount);
        // Sep's parser takes a comma for one between thousands.
        bool mayHaveComma = row.Span.Contains(_reader.Spec.Sep.Separator == ',' ? '"' : ',');
        for (int index = 0; index < scores.Length; index++)
        {
            var text = row[_header.Scores[index]];
            if (!text.TryParse(out scores[index]) || (mayHaveComma && text.Span.Contains(',')))
                throw NoNumber(text.Span, _header.Scores[index]);
        }

        FindWhole(scores);
        var label = row[_header.Label].Span;
        int found = _finder.Find(label);
        if (found < 0 && !label.IsEmpty)
        {
            throw Wrong(
                _header.Label, $"'{label}' is none of the classes {ScoreFileHeader.Shorten(ClassNames)}. If they have other names in the "
                + "labels, give these with --class-names");
        }

        // A row with NaN, +infinity, or nothing above -infinity, defines no distribution.
        if (scores.ContainsAny(float.NaN, float.PositiveInfinity) || !scores.ContainsAnyExcept(float.NegativeInfinity))
        {
            LeftOut = LeftOut with { NotFinite = LeftOut.NotFinite + 1 };
            return;
        }

        CheckKind(scores);
        if (label.IsEmpty)
        {
            LeftOut = LeftOut with { MissingLabel = LeftOut.MissingLabel + 1 };
            return;
        }

        _isLabel[found] = true;
        _rows.Add(found, (ulong)row.LineNumberFrom, _header.RowName is { } name ? row[name].ToString() : null);
    }

    private void FindWhole(ReadOnlySpan<float> scores)
    {
        if (!_isAnyWhole)
            return;
        _isAnyWhole = false;
        for (int index = 0; index < scores.Length; index++)
        {
            _isWhole[index] &= scores[index] == MathF.Round(scores[index]);
            _isAnyWhole |= _isWhole[index];
        }
    }

    /// <summary>All rows are probabilities, or all are percentages, which are divided by their sum.</summary>
    private void CheckKind(Span<float> scores)
    {
        var kind = ProbabilityRow.Examine(scores);
        _areAllDistributions &= kind is ProbabilityRowKind.Probabilities or ProbabilityRowKind.Percentages;
        if (_settings.ScoreKind == ScoreKind.Logits)
            return;
        _kind ??= kind;
        if (kind == _kind && kind is ProbabilityRowKind.Probabilities or ProbabilityRowKind.Percentages)
        {
            if (kind == ProbabilityRowKind.Percentages)
                TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
            return;
        }

        int whole = _kind == ProbabilityRowKind.Percentages ? 100 : 1;
        string hint = kind is ProbabilityRowKind.Logits or ProbabilityRowKind.LogProbabilities ? "; for raw scores say --score-kind logits"
            : "; if a column is none of the scores, name those that are with --score-columns";
        int outside = scores.IndexOfAnyExceptInRange(0f, _kind == ProbabilityRowKind.Percentages ? 100 : 1 + ProbabilityBlock.Tolerance);
        throw outside >= 0 && kind != ProbabilityRowKind.Percentages
            ? Wrong(_header.Scores[outside], FormattableString.Invariant($"{scores[outside]:G4} is no probability") + hint)
            : _settings.Wrong(
                _reader.Current.LineNumberFrom, $", column {_header.Names[_header.Scores[0]]} to {_header.Names[_header.Scores[^1]]}",
                FormattableString.Invariant(
                    $"the probabilities sum to {TensorPrimitives.Sum<float>(scores):G4}, not to {whole}")
                + hint);
    }

    /// <summary>
    /// Refuses logits that are probabilities, numbers that may count from 0 or 1, and a column that is no class by its name and its values.
    /// </summary>
    private void CheckWhatOnlyAllRowsShow()
    {
        if (_settings.ScoreKind == ScoreKind.Logits && _areAllDistributions && RowsRead > LeftOut.NotFinite)
            throw _settings.Wrong(1, "", "all rows are probabilities, which a softmax would flatten. Leave --score-kind logits out");
        if (_finder.Refusal is { } refusal)
            throw _header.Wrong(_header.Names[_header.Label], refusal);
        if (_settings.ScoreColumns is not null || _finder.AreNumbered || _isWhole.All(isWhole => isWhole))
            return;
        int suspect = Enumerable.Range(0, ClassCount).FirstOrDefault(index => !_isLabel[index] && _isWhole[index], -1);
        if (suspect < 0)
            return;
        var scores = _header.Scores.Where(column => column != _header.Scores[suspect]).Select(column => _header.Names[column]);
        throw _header.Wrong(
            _header.Names[_header.Scores[suspect]], "no label has this name, and it holds only whole numbers, so that it may be no class. "
            + $"Name the columns of the scores, such as --score-columns \"{string.Join(',', scores.Take(5))}\"");
    }

    private FormatException NoNumber(ReadOnlySpan<char> text, int column) => text.IsEmpty
        ? Wrong(column, "is empty, but a number is expected")
        : Wrong(column, $"'{text}' is not a number"
            + (text.Contains(',') ? "; a decimal point is expected" : "")
            + (_settings.ScoreColumns is null ? ". If it is no column of scores, name those with --score-columns" : ""));

    private FormatException Wrong(int column, string problem) =>
        _settings.Wrong(_reader.Current.LineNumberFrom, $", column {_header.Names[column]}", problem);
}

using System.Globalization;
using System.IO.Compression;
using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Metrics;
using nietras.SeparatedValues;

namespace MulticlassEvaluation;

/// <summary>
/// Reads a file of labelled scores, some rows at a time, into memory that is used again for the next ones, and stops with a clear message
/// at the first thing that is wrong. Lines are counted as an editor counts them: the header is row 1. The separator may be a comma, a
/// semicolon, a tab or a bar.
/// </summary>
internal sealed class ScoreFileReader : IDisposable
{
    private readonly ScoreFileSettings _settings;
    private readonly FileStream _file;
    private readonly SepReader _reader;
    private readonly ScoreFileHeader _header;
    private readonly LabelFinder _finder;
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly ulong[] _numbers;
    private readonly ReadOnlyMemory<char>[] _names;
    private readonly bool[] _isLabel;
    private readonly bool[] _isWhole;
    private ProbabilityRowKind? _kind;
    private bool _areAllDistributions = true;
    private int _count;

    public ScoreFileReader(ScoreFileSettings settings)
    {
        _settings = settings;
        _file = File.OpenRead(settings.Path);
        Stream text = settings.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(_file, CompressionMode.Decompress) : _file;
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
        (_labels, _numbers, _names) = (new int[Capacity], new ulong[Capacity], new ReadOnlyMemory<char>[Capacity]);
        _scores = new float[Capacity * ClassCount];
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

    /// <summary>The scores of the rows in memory, row after row, one value a class.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count * ClassCount);

    /// <summary>The class of each row in memory.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);

    /// <summary>Where each row stands in the file.</summary>
    public ReadOnlySpan<ulong> Numbers => _numbers.AsSpan(0, _count);

    /// <summary>Empty where the file has no column of names.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Names => _header.RowName is null ? [] : _names.AsSpan(0, _count);

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

    /// <summary>Reads up to <see cref="Capacity"/> or <paramref name="mostRows"/> rows of the file; false at its end.</summary>
    public bool Read(long mostRows)
    {
        _count = 0;
        for (long left = mostRows; _count < Capacity && left > 0; left--, RowsRead++)
        {
            if (!MoveNext())
            {
                if (RowsRead == 0)
                    throw _settings.Wrong(2, $", column {_header.Names[_header.Label]}", "there are no rows below the header");
                CheckWhatOnlyAllRowsShow();
                return _count > 0;
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

        var scores = _scores.AsSpan(_count * ClassCount, ClassCount);
        for (int index = 0; index < scores.Length; index++)
        {
            scores[index] = Number(row[_header.Scores[index]].Span, _header.Scores[index]);
            _isWhole[index] &= scores[index] == MathF.Round(scores[index]);
        }

        var label = row[_header.Label].Span;
        _labels[_count] = _finder.Find(label);
        if (_labels[_count] < 0 && !label.IsEmpty)
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

        _isLabel[_labels[_count]] = true;
        _numbers[_count] = (ulong)row.LineNumberFrom;
        _names[_count] = _header.RowName is { } name ? row[name].ToString().AsMemory() : default;
        _count++;
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

    private float Number(ReadOnlySpan<char> text, int column)
    {
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
            return value;
        return text switch
        {
            "inf" or "+inf" or "Inf" => float.PositiveInfinity,
            "-inf" or "-Inf" => float.NegativeInfinity,
            "" => throw Wrong(column, "is empty, but a number is expected"),
            _ => throw Wrong(column, $"'{text}' is not a number"
                + (text.Contains(',') ? "; a decimal point is expected" : "")
                + (_settings.ScoreColumns is null ? ". If it is no column of scores, name those with --score-columns" : "")),
        };
    }

    private FormatException Wrong(int column, string problem) =>
        _settings.Wrong(_reader.Current.LineNumberFrom, $", column {_header.Names[column]}", problem);

}

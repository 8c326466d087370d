using System.Globalization;
using nietras.SeparatedValues;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// Text with a separator, which is detected in the header: comma, semicolon, tab or bar. Fields may be quoted and contain line breaks; a
/// byte order mark says whether the text is UTF-16. Numbers may have a decimal comma if the separator is not a comma.
/// </summary>
internal sealed class TextTable : Table
{
    private readonly SepReader _reader;
    private readonly TableColumn[] _columns;
    private readonly Queue<string[]> _sampled = [];
    private int[] _scores = [];
    private readonly bool _mayHaveComma;
    private char _decimal = '.';
    private string[]? _row;
    private long _rowNumber;

    public TextTable(string name, Stream stream, Stream text)
        : base(name, stream)
    {
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

        var isEmpty = !Advance();
        _rowNumber = 1;
        if (isEmpty)
            throw Wrong("", "the file is empty; a header is expected, such as Label,P0,P1");
        string[] header = Current();
        if (header.All(field => double.TryParse(field, CultureInfo.InvariantCulture, out _)))
        {
            throw Wrong("", $"a header is expected, such as Label,P0,P1, but the first row holds only numbers ({header[0]}, ...). "
                + "Put the names of the columns above them");
        }

        _mayHaveComma = _reader.Spec.Sep.Separator != ',';
        _columns = Array.ConvertAll(header, field => new TableColumn(field));
    }

    public override IReadOnlyList<TableColumn> Columns => _columns;

    public override long Row => _rowNumber;

    public override IReadOnlyList<string[]> Sample(int rows)
    {
        var header = _rowNumber;
        while (_sampled.Count < rows && Advance())
            _sampled.Enqueue([.. Current(), _rowNumber.ToString(CultureInfo.InvariantCulture)]);
        _rowNumber = header;
        return [.. _sampled.Select(row => row[..^1])];
    }

    public override void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores)
    {
        _scores = [.. scores];
        // In a numeric field, a comma can only be a decimal comma.
        string[] fields = [.. _sampled.SelectMany(row => _scores.Where(column => column < row.Length - 1).Select(column => row[column]))];
        if (fields.Any(field => field.Contains(',')) && !fields.Any(field => field.Contains('.')))
            _decimal = ',';
    }

    public override bool MoveNext()
    {
        if (_sampled.TryDequeue(out var row))
        {
            _rowNumber = long.Parse(row[^1], CultureInfo.InvariantCulture);
            _row = row[..^1];
            CheckCount(_row.Length);
            return true;
        }

        _row = null;
        if (!Advance())
            return false;
        CheckCount(_reader.Current.ColCount);
        return true;
    }

    public override ReadOnlySpan<char> Text(int column) => _row is not null ? _row[column] : _reader.Current[column].Span;

    public override void Scores(Span<float> destination)
    {
        if (_row is not null)
        {
            for (var index = 0; index < _scores.Length; index++)
                destination[index] = Number(_row[_scores[index]], _scores[index]);
            return;
        }

        var row = _reader.Current;
        for (var index = 0; index < _scores.Length; index++)
        {
            var field = row[_scores[index]];
            // Sep's parser is fast, but it ignores a comma.
            destination[index] = field.TryParse<float>() is { } value && (!_mayHaveComma || !field.Span.Contains(','))
                ? value : Number(field.Span, _scores[index]);
        }
    }

    public override void Dispose()
    {
        _reader?.Dispose();
        base.Dispose();
    }

    private string[] Current()
    {
        var row = _reader.Current;
        var fields = new string[row.ColCount];
        for (var column = 0; column < fields.Length; column++)
            fields[column] = row[column].ToString();
        return fields;
    }

    /// <summary>Moves to the next row that is not blank.</summary>
    private bool Advance()
    {
        try
        {
            while (_reader.MoveNext())
            {
                _rowNumber = _reader.Current.LineNumberFrom;
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

    private void CheckCount(int count)
    {
        if (count < _columns.Length)
            throw Wrong(_columns[count].Name, $"is missing; the row has {count} of {_columns.Length} fields");
        if (count > _columns.Length)
            throw Wrong(_columns[^1].Name, $"is followed by more; the row has {count} fields, and the header has {_columns.Length}");
    }

    private float Number(ReadOnlySpan<char> text, int column)
    {
        if (_decimal == '.' ? float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            : float.TryParse(text, NumberStyles.Float, DecimalComma, out value))
        {
            return value;
        }

        return text switch
        {
            "inf" or "+inf" or "Inf" => float.PositiveInfinity,
            "-inf" or "-Inf" => float.NegativeInfinity,
            "" => throw Wrong(_columns[column].Name, "is empty, but a number is expected"),
            _ => throw Wrong(_columns[column].Name, $"'{text}' is not a number. If it is no column of scores, name those with --scores, or "
                + "this one with --ignore"),
        };
    }

    private static readonly NumberFormatInfo DecimalComma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "" };

    private FormatException Unreadable(Exception exception) => new(
        $"{Name}: the file is damaged, cut off, or has a quotation mark too many. {exception.Message}", exception);
}

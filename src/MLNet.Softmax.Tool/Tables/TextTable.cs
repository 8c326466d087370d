using System.Globalization;
using nietras.SeparatedValues;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// Text with a separator, which is detected in the header: comma, semicolon, tab, bar or space. Fields may be quoted and contain line
/// breaks; a byte order mark says whether the text is UTF-16. Numbers may have a decimal comma if the separator is not a comma.
/// </summary>
internal sealed class TextTable : Table
{
    private readonly SepReader _reader;
    private TableColumn[] _columns;
    private readonly Queue<string[]> _sampled = [];
    private readonly TextLoaderSchema? _schema;
    private readonly int _skippedLines;
    private int[] _scores = [];
    private bool _areNeighbours;
    private char _decimal = '.';
    private string[]? _row;
    private long _rowNumber;

    public TextTable(string name, Stream stream, Stream text)
        : base(name, stream)
    {
        try
        {
            (_skippedLines, var separator, _schema, var rest) = TextStart.Read(new StreamReader(text, bufferSize: 1 << 16));
            _reader = (separator is { } known ? new Sep(known).Reader(Settings) : Sep.Reader(Settings)).From(rest);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw Unreadable(exception);
        }

        _columns = Array.ConvertAll(_schema is { HasHeader: false } ? _schema.Names([]) : Header(), name => new TableColumn(name));
    }

    public override IReadOnlyList<TableColumn> Columns => _columns;

    public override long Row => _rowNumber;

    public override IReadOnlyList<string[]> Sample(int rows)
    {
        var header = _rowNumber;
        while (_sampled.Count < rows && Advance())
            _sampled.Enqueue([.. Current(), _rowNumber.ToString(CultureInfo.InvariantCulture)]);
        _rowNumber = header;
        // As R writes a table: the first fields are the names of the rows, and the header has no name for them.
        if (_reader.Spec.Sep.Separator is ' ' or '\t' && _sampled.Count > 0
            && _sampled.All(row => row.Length == _columns.Length + 2 && row[^2].Length > 0))
        {
            _columns = [new(""), .. _columns];
        }

        string[][] sample = [.. _sampled.Select(row => row[..^1]).Select(row => _schema?.Expand(row) ?? row)];
        for (var column = 0; column < _columns.Length; column++)
        {
            string[] fields = [.. sample.Where(row => column < row.Length && row[column].Length > 0).Select(row => row[column])];
            _columns[column] = _columns[column] with { IsList = fields.Length > 0 && fields.All(NumberList.Is) };
        }

        return sample;
    }

    public override void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores)
    {
        _scores = [.. scores];
        // In a numeric field, a comma can only be a decimal comma.
        string[] fields = [.. _sampled.SelectMany(row => _scores.Where(column => column < row.Length - 1).Select(column => row[column]))];
        if (fields.Any(field => field.Contains(',')) && !fields.Any(field => field.Contains('.')))
            _decimal = ',';
        _areNeighbours = _scores.Length > 0 && _scores.SequenceEqual(Enumerable.Range(_scores[0], _scores.Length))
            && _reader.Spec.Sep.Separator != _decimal;
    }

    public override bool MoveNext()
    {
        if (_sampled.TryDequeue(out var row))
        {
            _rowNumber = long.Parse(row[^1], CultureInfo.InvariantCulture);
            _row = Expanded(row[..^1]);
            return true;
        }

        _row = null;
        if (!Advance())
            return false;
        if (_reader.Current.ColCount != _columns.Length)
            _row = Expanded(Current());
        return true;
    }

    public override ReadOnlySpan<char> Text(int column) => _row is not null ? _row[column] : _reader.Current[column].Span;

    public override IEnumerable<float[]> FirstLists(int column)
    {
        foreach (var row in _sampled.Where(row => column < row.Length - 1 && row[column].Length > 0))
        {
            var numbers = new float[NumberList.Count(row[column])];
            if (NumberList.TryRead(row[column], numbers))
                yield return numbers;
        }
    }

    public override void Scores(Span<float> destination)
    {
        if (_scores is [var only] && _columns[only].IsList)
        {
            if (!NumberList.TryRead(Text(only), destination))
                throw Wrong(_columns[only].Name, $"'{Text(only)}' is not a list of {destination.Length} numbers, one a class");
            return;
        }

        if (_row is not null)
        {
            for (var index = 0; index < _scores.Length; index++)
                destination[index] = Number(_row[_scores[index]], _scores[index]);
            return;
        }

        var row = _reader.Current;
        // Reading on in the text of the row is faster than looking up every field.
        if (_areNeighbours && row.Span.Overlaps(row[_scores[0]].Span, out var start)
            && PlainNumber.TryParseFields(row.Span[start..], _reader.Spec.Sep.Separator, _decimal, destination))
        {
            return;
        }

        for (var index = 0; index < _scores.Length; index++)
        {
            var field = row[_scores[index]].Span;
            destination[index] = PlainNumber.TryParse(field, _decimal, out var value) ? value : Number(field, _scores[index]);
        }
    }

    public override void Dispose()
    {
        _reader?.Dispose();
        base.Dispose();
    }

    private static SepReaderOptions Settings(SepReaderOptions options) =>
        options with { HasHeader = false, DisableColCountCheck = true, Unescape = true, Trim = SepTrim.All };

    private string[] Header()
    {
        var isEmpty = !Advance();
        _rowNumber = _skippedLines + 1;
        if (isEmpty)
            throw Wrong("", "the file is empty; a header is expected, such as Label,P0,P1");
        string[] header = Current();
        if (_schema is not null)
            return _schema.Names(header);
        return !header.All(field => double.TryParse(field, CultureInfo.InvariantCulture, out _)) ? header : throw Wrong(
            "", $"a header is expected, such as Label,P0,P1, but the first row holds only numbers ({header[0]}, ...). Put the names of the "
            + "columns above them");
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
                _rowNumber = _reader.Current.LineNumberFrom + _skippedLines;
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

    /// <summary>The fields of a row, which ML.NET may have shortened; one for each column.</summary>
    private string[] Expanded(string[] row)
    {
        if (row.Length == _columns.Length)
            return row;
        if (_schema?.Expand(row) is { } expanded)
            return expanded;
        if (row.Length == _columns.Length + 1 && row[^1].Length == 0)
            return row[..^1];
        throw row.Length < _columns.Length
            ? Wrong(_columns[row.Length].Name, $"is missing; the row has {row.Length} of {_columns.Length} fields")
            : Wrong(_columns[^1].Name, $"is followed by more; the row has {row.Length} fields, and the header has {_columns.Length}");
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
            [.. var number, '%'] => Number(number, column),
            _ when MissingValue.Is(text) => float.NaN,
            _ => throw Wrong(_columns[column].Name, $"'{text}' is not a number. If this column does not hold scores, name "
                + "those that do with --scores, or this one with --ignore"),
        };
    }

    private static readonly NumberFormatInfo DecimalComma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "" };

    private FormatException Unreadable(Exception exception) => new(
        $"{Name}: the file is damaged, cut off, or has a quotation mark too many. {exception.Message}", exception);
}

using System.Globalization;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// A Parquet file. Scores are columns of numbers, or one column of lists. Two row groups are in memory: the next one is read ahead.
/// </summary>
internal sealed class ParquetTable : Table
{
    /// <summary>How the reader describes text.</summary>
    private static readonly Type TextType = typeof(ReadOnlyMemory<char>);

    private static readonly Type[] ScoreTypes = [typeof(float), typeof(double), typeof(int), typeof(long), typeof(decimal)];
    private readonly ParquetReader _reader;
    private readonly TableColumn[] _columns;
    private readonly DataField[] _fields;
    private int[] _textColumns = [];
    private int[] _scoreColumns = [];
    private RowGroup _current = new(0, [], [], 0);
    private Task<RowGroup>? _next;
    private Array?[] _sampled = [];
    private int _nextGroup;
    private int _rowOfGroup;
    private long _rowNumber;

    public ParquetTable(string name, Stream stream)
        : base(name, stream)
    {
        try
        {
            _reader = Wait(ParquetReader.CreateAsync(stream));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw Unreadable(exception);
        }

        _fields =
        [
            .. _reader.Schema.Fields.Select(field => field is ListField list ? list.Item as DataField : field as DataField)
                .OfType<DataField>(),
        ];
        _columns = [.. _fields.Select(field => new TableColumn(field.Path.FirstPart ?? field.Name, field.MaxRepetitionLevel > 0))];
    }

    public override IReadOnlyList<TableColumn> Columns => _columns;

    public override long Row => _rowNumber;

    public override IReadOnlyList<string[]> Sample(int rows)
    {
        if (_reader.RowGroupCount == 0)
            return [];
        using var group = _reader.OpenRowGroupReader(0);
        var count = (int)Math.Min(rows, group.RowCount);
        // A column can only be read as a whole, so the values are kept until the rows are read.
        _sampled = [.. _fields.Select((field, column) => _columns[column].IsList ? null : ValuesOf(group, field))];
        var texts = _fields.Zip(_sampled, (field, values) => values is null
            ? [.. Enumerable.Repeat("", count)] : TextsOf(field, values, count)).ToArray();
        return [.. Enumerable.Range(0, count).Select(row => texts.Select(column => column[row]).ToArray())];
    }

    public override void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores)
    {
        (_textColumns, _scoreColumns) = ([.. texts], [.. scores]);
        _next = LoadAhead(0);
    }

    public override bool MoveNext()
    {
        while (++_rowOfGroup >= _current.RowCount)
        {
            if (_nextGroup >= _reader.RowGroupCount)
                return false;
            _current = _next is null ? Load(_nextGroup) : _next.GetAwaiter().GetResult();
            _rowOfGroup = -1;
            _next = LoadAhead(++_nextGroup);
        }

        _rowNumber++;
        return true;
    }

    public override ReadOnlySpan<char> Text(int column) => _current.Texts[column][_rowOfGroup];

    public override void Scores(Span<float> destination) =>
        _current.Scores.AsSpan(_rowOfGroup * _current.ScoreCount, _current.ScoreCount).CopyTo(destination);

    public override IEnumerable<float[]> FirstLists(int column)
    {
        if (_reader.RowGroupCount == 0)
            return [];
        using var group = _reader.OpenRowGroupReader(0);
        if (group.RowCount == 0)
            return [];
        var values = ListsOf(group, _fields[column]);
        return values.Chunk(Math.Max(1, values.Length / (int)group.RowCount));
    }

    public override void Dispose()
    {
        // A row group that is read ahead still needs the reader.
        _next?.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        if (_reader is not null)
            _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    /// <summary>Loads a row group, if there is one, while the one before it is used.</summary>
    private Task<RowGroup>? LoadAhead(int index) =>
        index < _reader.RowGroupCount ? Task.Run(() => Load(index)) : null;

    private RowGroup Load(int index)
    {
        try
        {
            using var group = _reader.OpenRowGroupReader(index);
            var rows = checked((int)group.RowCount);
            var sampled = index == 0 ? _sampled : [];
            _sampled = [];
            Array Values(int column) => sampled.ElementAtOrDefault(column) ?? ValuesOf(group, _fields[column]);
            var texts = _textColumns.ToDictionary(column => column, column => Values(column) is var values
                && values.Length == rows ? TextsOf(_fields[column], values, rows) : throw Unexpected(_fields[column], "text or numbers"));
            if (_scoreColumns is [var only] && _columns[only].IsList)
            {
                var lists = ListsOf(group, _fields[only]);
                return new(rows, texts, lists, rows == 0 ? 0 : lists.Length / rows);
            }

            var count = _scoreColumns.Length;
            var scores = new float[checked(rows * count)];
            for (var place = 0; place < count; place++)
                CopyNumbers(Values(_scoreColumns[place]), scores, place, count, _fields[_scoreColumns[place]]);
            return new(rows, texts, scores, count);
        }
        catch (Exception exception) when (exception is not (FormatException or OutOfMemoryException))
        {
            throw Unreadable(exception);
        }
    }

    /// <summary>Writes a column of numbers into every row of scores.</summary>
    private void CopyNumbers(Array column, float[] scores, int place, int count, DataField field)
    {
        void Copy<T>(T[] values, Func<T, float> convert)
        {
            for (var row = 0; row < values.Length; row++)
                scores[(row * count) + place] = convert(values[row]);
        }

        // An array of uint is also one of int to the runtime, so its type is checked first.
        switch (ScoreTypes.Contains(field.ClrType) ? column : null)
        {
            case float[] values: Copy(values, value => value); break;
            case double[] values: Copy(values, value => (float)value); break;
            case int[] values: Copy(values, value => value); break;
            case long[] values: Copy(values, value => value); break;
            case decimal[] values: Copy(values, value => (float)value); break;
            case float?[] values: Copy(values, value => value ?? float.NaN); break;
            case double?[] values: Copy(values, value => (float)(value ?? double.NaN)); break;
            case int?[] values: Copy(values, value => value ?? float.NaN); break;
            case long?[] values: Copy(values, value => value ?? float.NaN); break;
            case decimal?[] values: Copy(values, value => value is { } some ? (float)some : float.NaN); break;
            default:
                throw Unexpected(field, "numbers");
        }
    }

    /// <summary>The values of a column, as an array of their type; of a type that is neither text nor number, an empty array.</summary>
    private static Array ValuesOf(ParquetRowGroupReader group, DataField field)
    {
        Array Read<T>() where T : struct
        {
            if (!field.IsNullable)
            {
                var values = new T[group.RowCount];
                Wait(group.ReadAsync<T>(field, values));
                return values;
            }

            var nullable = new T?[group.RowCount];
            Wait(group.ReadAsync<T>(field, nullable));
            return nullable;
        }

        if (field.ClrType == TextType)
        {
            var texts = new string[group.RowCount];
            Wait(group.ReadAsync(field, texts));
            return texts;
        }

        return field.ClrType switch
        {
            var type when type == typeof(bool) => Read<bool>(),
            var type when type == typeof(sbyte) => Read<sbyte>(),
            var type when type == typeof(byte) => Read<byte>(),
            var type when type == typeof(short) => Read<short>(),
            var type when type == typeof(ushort) => Read<ushort>(),
            var type when type == typeof(int) => Read<int>(),
            var type when type == typeof(uint) => Read<uint>(),
            var type when type == typeof(long) => Read<long>(),
            var type when type == typeof(ulong) => Read<ulong>(),
            var type when type == typeof(float) => Read<float>(),
            var type when type == typeof(double) => Read<double>(),
            var type when type == typeof(decimal) => Read<decimal>(),
            _ => Array.Empty<object>(),
        };
    }

    /// <summary>The first values of a column as text; empty where there is none.</summary>
    private static string[] TextsOf(DataField field, Array column, int count)
    {
        string[] Of<T>() where T : struct
        {
            // Labels repeat.
            var known = new Dictionary<T, string>();
            var (values, nullable) = (column as T[], column as T?[]);
            var texts = new string[count];
            for (var row = 0; row < count; row++)
            {
                var value = values is null ? nullable![row] : values[row];
                if (value is not { } some)
                    texts[row] = "";
                else if (!known.TryGetValue(some, out texts[row]!))
                    known.Add(some, texts[row] = Convert.ToString(some, CultureInfo.InvariantCulture)!);
            }

            return texts;
        }

        return column is string?[] strings ? Array.ConvertAll(strings[..count], text => text ?? "") : field.ClrType switch
        {
            var type when type == typeof(bool) => Of<bool>(),
            var type when type == typeof(sbyte) => Of<sbyte>(),
            var type when type == typeof(byte) => Of<byte>(),
            var type when type == typeof(short) => Of<short>(),
            var type when type == typeof(ushort) => Of<ushort>(),
            var type when type == typeof(int) => Of<int>(),
            var type when type == typeof(uint) => Of<uint>(),
            var type when type == typeof(long) => Of<long>(),
            var type when type == typeof(ulong) => Of<ulong>(),
            var type when type == typeof(float) => Of<float>(),
            var type when type == typeof(double) => Of<double>(),
            var type when type == typeof(decimal) => Of<decimal>(),
            _ => [.. Enumerable.Repeat("", count)],
        };
    }

    private float[] ListsOf(ParquetRowGroupReader group, DataField field)
    {
        using var data = Wait(group.ReadRawColumnDataBaseAsync(field));
        float[] values = data switch
        {
            RawColumnData<float> floats => floats.Values.ToArray(),
            RawColumnData<double> doubles => Array.ConvertAll(doubles.Values.ToArray(), value => (float)value),
            _ => throw new FormatException($"{Name}, column {field.Path.FirstPart}: its lists hold no floating-point numbers."),
        };
        var rows = group.RowCount;
        var levels = data.RepetitionLevels;
        var length = rows == 0 ? 0 : values.Length / rows;
        for (var index = 0; index < levels.Length; index++)
        {
            if (values.Length != levels.Length || values.Length != rows * length || (levels[index] == 0) != (index % length == 0))
            {
                throw new FormatException(
                    $"{Name}, column {field.Path.FirstPart}: the lists have different lengths, or values are missing; one value a class "
                    + "is expected in every row.");
            }
        }

        return values;
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private FormatException Unexpected(DataField field, string expected) => new(
        $"{Name}, column {field.Name}: it holds {(field.ClrType == TextType ? "text" : field.ClrType.Name)}, but {expected} are expected.");

    private FormatException Unreadable(Exception exception) =>
        new($"{Name}: the file is damaged or cut off. {exception.Message}", exception);

    /// <summary>The selected columns of some rows: texts by column, and the scores row after row.</summary>
    private sealed record RowGroup(int RowCount, Dictionary<int, string[]> Texts, float[] Scores, int ScoreCount);
}

using System.Globalization;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>A Parquet file. Scores are columns of numbers, or one column of lists. One row group at a time is in memory.</summary>
internal sealed class ParquetTable : Table
{
    private readonly ParquetReader _reader;
    private readonly TableColumn[] _columns;
    private readonly DataField[] _fields;
    private readonly Dictionary<int, string[]> _texts = [];
    private int[] _scoreColumns = [];
    private float[] _scores = [];
    private int _scoreCount;
    private int _group = -1;
    private int _rowOfGroup;
    private int _rowsOfGroup;
    private long _rowNumber;

    public ParquetTable(string name, Stream stream)
        : base(name, stream)
    {
        if (!stream.CanSeek)
            throw new FormatException($"{name} holds Parquet, which cannot be read from a stream. Name the file.");
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
        var texts = _fields
            .Select((field, column) => _columns[column].IsList ? [.. Enumerable.Repeat("", count)] : TextsOf(group, field)).ToArray();
        return [.. Enumerable.Range(0, count).Select(row => texts.Select(column => column[row]).ToArray())];
    }

    public override void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores)
    {
        _scoreColumns = [.. scores];
        foreach (var column in texts)
            _texts[column] = [];
    }

    public override bool MoveNext()
    {
        while (++_rowOfGroup >= _rowsOfGroup)
        {
            if (++_group >= _reader.RowGroupCount)
                return false;
            ReadGroup();
            _rowOfGroup = -1;
        }

        _rowNumber++;
        return true;
    }

    public override ReadOnlySpan<char> Text(int column) => _texts[column][_rowOfGroup];

    public override void Scores(Span<float> destination) =>
        _scores.AsSpan(_rowOfGroup * _scoreCount, _scoreCount).CopyTo(destination);

    /// <summary>The lists in the rows of the first row group.</summary>
    public IEnumerable<float[]> FirstLists(int column)
    {
        if (_reader.RowGroupCount == 0)
            return [];
        using var group = _reader.OpenRowGroupReader(0);
        if (group.RowCount == 0)
            return [];
        var values = NumbersOf(group, _fields[column]);
        return values.Chunk(Math.Max(1, values.Length / (int)group.RowCount));
    }

    public override void Dispose()
    {
        if (_reader is not null)
            _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    private void ReadGroup()
    {
        try
        {
            using var group = _reader.OpenRowGroupReader(_group);
            _rowsOfGroup = checked((int)group.RowCount);
            foreach (var column in _texts.Keys.ToArray())
                _texts[column] = TextsOf(group, _fields[column]);
            if (_scoreColumns is [var only] && _columns[only].IsList)
            {
                _scores = NumbersOf(group, _fields[only]);
                _scoreCount = _rowsOfGroup == 0 ? 0 : _scores.Length / _rowsOfGroup;
                return;
            }

            _scoreCount = _scoreColumns.Length;
            _scores = new float[_rowsOfGroup * _scoreCount];
            for (var index = 0; index < _scoreCount; index++)
            {
                var values = NumbersOf(group, _fields[_scoreColumns[index]]);
                for (var row = 0; row < values.Length; row++)
                    _scores[row * _scoreCount + index] = values[row];
            }
        }
        catch (Exception exception) when (exception is not (FormatException or OutOfMemoryException))
        {
            throw Unreadable(exception);
        }
    }

    private float[] NumbersOf(ParquetRowGroupReader group, DataField field)
    {
        if (field.MaxRepetitionLevel > 0)
            return ListsOf(group, field);
        return field.ClrType switch
        {
            var type when type == typeof(float) => Read<float>(group, field, value => value),
            var type when type == typeof(double) => Read<double>(group, field, value => (float)value),
            var type when type == typeof(int) => Read<int>(group, field, value => value),
            var type when type == typeof(long) => Read<long>(group, field, value => value),
            var type when type == typeof(decimal) => Read<decimal>(group, field, value => (float)value),
            _ => throw new FormatException($"{Name}, column {field.Name}: it holds {field.ClrType.Name}, but numbers are expected."),
        };
    }

    private static float[] Read<T>(ParquetRowGroupReader group, DataField field, Func<T, float> convert)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var values = new T[group.RowCount];
            Wait(group.ReadAsync<T>(field, values));
            return values is float[] floats ? floats : Array.ConvertAll(values, value => convert(value));
        }

        var nullable = new T?[group.RowCount];
        Wait(group.ReadAsync<T>(field, nullable));
        return Array.ConvertAll(nullable, value => value is { } some ? convert(some) : float.NaN);
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

    private static string[] TextsOf(ParquetRowGroupReader group, DataField field)
    {
        string[] Texts<T>() where T : struct
        {
            var known = new Dictionary<T, string>();
            string Of(T value)
            {
                if (!known.TryGetValue(value, out var text))
                    known.Add(value, text = Convert.ToString(value, CultureInfo.InvariantCulture)!);
                return text;
            }

            if (!field.IsNullable)
            {
                var values = new T[group.RowCount];
                Wait(group.ReadAsync<T>(field, values));
                return Array.ConvertAll(values, Of);
            }

            var nullable = new T?[group.RowCount];
            Wait(group.ReadAsync<T>(field, nullable));
            return Array.ConvertAll(nullable, value => value is { } some ? Of(some) : "");
        }

        if (field.ClrType == typeof(string))
        {
            var texts = new string[group.RowCount];
            Wait(group.ReadAsync(field, texts));
            return Array.ConvertAll(texts, text => text ?? "");
        }

        return field.ClrType switch
        {
            var type when type == typeof(bool) => Texts<bool>(),
            var type when type == typeof(sbyte) => Texts<sbyte>(),
            var type when type == typeof(byte) => Texts<byte>(),
            var type when type == typeof(short) => Texts<short>(),
            var type when type == typeof(ushort) => Texts<ushort>(),
            var type when type == typeof(int) => Texts<int>(),
            var type when type == typeof(uint) => Texts<uint>(),
            var type when type == typeof(long) => Texts<long>(),
            var type when type == typeof(ulong) => Texts<ulong>(),
            var type when type == typeof(float) => Texts<float>(),
            var type when type == typeof(double) => Texts<double>(),
            _ => [.. Enumerable.Repeat("", checked((int)group.RowCount))],
        };
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private FormatException Unreadable(Exception exception) =>
        new($"{Name}: the file is damaged or cut off. {exception.Message}", exception);
}

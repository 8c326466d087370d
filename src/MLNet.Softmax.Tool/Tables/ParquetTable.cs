using Parquet;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// A Parquet file. Scores are columns of numbers, or one column of lists. Two row groups are in memory: the next one is read ahead.
/// </summary>
internal sealed class ParquetTable : Table
{
    private readonly ParquetReader _reader;
    private readonly TableColumn[] _columns;
    private ParquetRows _rows;
    private ParquetRows _next;
    private Task? _loading;
    private int _nextGroup;
    private int _rowOfGroup = -1;
    private long _rowNumber;

    public ParquetTable(string name, Stream stream)
        : base(name, stream)
    {
        _reader = Try(() => ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
        DataField[] fields =
        [
            .. _reader.Schema.Fields.Select(field => field is ListField list ? list.Item as DataField : field as DataField)
                .OfType<DataField>(),
        ];
        _columns = Array.ConvertAll(fields, field => new TableColumn(ParquetRows.NameOf(field), field.MaxRepetitionLevel > 0));
        (_rows, _next) = (new(name, fields), new(name, fields));
    }

    public override IReadOnlyList<TableColumn> Columns => _columns;

    public override long Row => _rowNumber;

    public override IReadOnlyList<string[]> Sample(int rows)
    {
        if (_reader.RowGroupCount == 0)
            return [];
        // A column can only be read as a whole. It stays where the first row group will be loaded, and is not read again.
        var group = _reader.OpenRowGroupReader(0);
        var count = (int)Math.Min(rows, group.RowCount);
        var texts = Try(() => _next.FirstTexts(group, count));
        return [.. Enumerable.Range(0, count).Select(row => Array.ConvertAll(texts, column => column[row]))];
    }

    public override void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores)
    {
        _rows.Select([.. texts], [.. scores]);
        _next.Select([.. texts], [.. scores]);
        LoadAhead();
    }

    public override bool MoveNext()
    {
        while (++_rowOfGroup >= _rows.Count)
        {
            if (_nextGroup >= _reader.RowGroupCount)
                return false;
            if (_loading is null)
                LoadNext();
            else
                _loading.GetAwaiter().GetResult();
            (_rows, _next) = (_next, _rows);
            (_nextGroup, _rowOfGroup) = (_nextGroup + 1, -1);
            LoadAhead();
        }

        _rowNumber++;
        return true;
    }

    public override ReadOnlySpan<char> Text(int column) => _rows.Text(column, _rowOfGroup);

    public override void Scores(Span<float> destination) => _rows.Scores(_rowOfGroup, destination);

    public override IEnumerable<float[]> FirstLists(int column)
    {
        if (_reader.RowGroupCount == 0 || _reader.OpenRowGroupReader(0) is not { RowCount: > 0 } group)
            return [];
        var (values, length) = Try(() => _next.ReadLists(column, group));
        return Enumerable.Range(0, length == 0 ? 0 : (int)group.RowCount).Select(row => values[(row * length)..((row + 1) * length)]);
    }

    public override void Dispose()
    {
        // A row group that is read ahead still needs the reader.
        _loading?.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    /// <summary>Loads the next row group, if there is one, while the one before it is used. A browser has no other thread.</summary>
    private void LoadAhead() =>
        _loading = _nextGroup < _reader.RowGroupCount && !OperatingSystem.IsBrowser() ? Task.Run(LoadNext) : null;

    private void LoadNext() => Try(() =>
    {
        _next.Load(_reader.OpenRowGroupReader(_nextGroup));
        return true;
    });

    private T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not (FormatException or OutOfMemoryException))
        {
            throw new FormatException($"{Name}: the file is damaged or cut off. {exception.Message}", exception);
        }
    }
}

using Parquet;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>The rows of one row group after another, in memory that is reused.</summary>
internal sealed class ParquetRows(string file, DataField[] fields)
{
    private readonly ParquetColumn?[] _columns = Array.ConvertAll(fields, ParquetColumn.Of);
    private int[] _texts = [];
    private int[] _scores = [];
    private float[][] _numbers = [];

    /// <summary>The number of scores in each list, if the scores are lists.</summary>
    private int? _listLength;

    public int Count { get; private set; }

    /// <summary>Selects the columns to load.</summary>
    public void Select(int[] texts, int[] scores)
    {
        (_texts, _scores, _numbers) = (texts, scores, new float[scores.Length][]);
        for (var column = 0; column < fields.Length; column++)
            _columns[column] = texts.Contains(column) || scores.Contains(column) ? _columns[column] : null;
    }

    /// <summary>Loads the selected columns of a row group.</summary>
    public void Load(ParquetRowGroupReader group)
    {
        Count = checked((int)group.RowCount);
        foreach (var column in _texts)
            _ = ReadValues(column, group) ?? throw Unexpected(column, "text or numbers");
        if (_scores is [var only] && IsList(only))
        {
            (_numbers[0], _listLength) = ReadLists(only, group);
            return;
        }

        for (var place = 0; place < _scores.Length; place++)
            _numbers[place] = ReadValues(_scores[place], group)?.ToScores() ?? throw Unexpected(_scores[place], "numbers");
    }

    public ReadOnlySpan<char> Text(int column, int row) => _columns[column]!.Text(row);

    public void Scores(int row, Span<float> destination)
    {
        if (_listLength is { } length)
        {
            if (length != destination.Length)
                throw UnevenLists(_scores[0]);
            _numbers[0].AsSpan(row * length, length).CopyTo(destination);
            return;
        }

        for (var place = 0; place < _numbers.Length; place++)
            destination[place] = _numbers[place][row];
    }

    /// <summary>The first texts of each column of a row group; empty for lists and what is neither text nor numbers.</summary>
    public string[][] FirstTexts(ParquetRowGroupReader group, int count) =>
    [
        .. Enumerable.Range(0, fields.Length).Select(column => ReadValues(column, group))
            .Select(column => Enumerable.Range(0, count).Select(row => column is null ? "" : column.ToText(row)).ToArray()),
    ];

    /// <summary>The values of a column of lists, one list after the other, and the length of each.</summary>
    public (float[] Values, int Length) ReadLists(int column, ParquetRowGroupReader group)
    {
        var lists = _columns[column];
        lists?.Read(group);
        var values = lists?.ToScores() ?? throw Unexpected(column, "lists of numbers");
        return lists.LengthOfLists((int)group.RowCount) is { } length ? (values, length) : throw UnevenLists(column);
    }

    /// <summary>A column with a value in each row; null if there is none of text or numbers.</summary>
    private ParquetColumn? ReadValues(int column, ParquetRowGroupReader group)
    {
        if (_columns[column] is not { } values || IsList(column))
            return null;
        values.Read(group);
        return values.Count == group.RowCount ? values
            : throw new InvalidDataException($"Column {fields[column].Name} has {values.Count} values in {group.RowCount} rows.");
    }

    private bool IsList(int column) => fields[column].MaxRepetitionLevel > 0;

    private FormatException Unexpected(int column, string expected) => new(
        $"{file}, column {NameOf(fields[column])}: it holds {ParquetColumn.Describe(fields[column])}, but {expected} are expected.");

    private FormatException UnevenLists(int column) => new(
        $"{file}, column {NameOf(fields[column])}: the lists have different lengths, or values are missing; one value a class is expected "
        + "in every row.");

    public static string NameOf(DataField field) => field.Path.FirstPart ?? field.Name;
}

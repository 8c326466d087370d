using System.Globalization;
using MLNet.Softmax;
using MLNet.Softmax.Numerics;

namespace MulticlassEvaluation.Scores;

/// <summary>Reads a file of labelled scores, some rows at a time, and stops with a clear word at the first thing that is wrong.</summary>
internal sealed class ScoreFileReader : IDisposable
{
    private readonly StreamReader _reader;
    private readonly CsvLine _line = new();
    private readonly string _file;
    private readonly ScoreRules _rules;
    private long _row;

    public ScoreFileReader(string path, ScoreFileColumns columns, ScoreRules rules)
    {
        _file = Path.GetFileName(path);
        _rules = rules;
        _reader = new StreamReader(path);
        if (!MoveToNextRow())
            throw new ScoreFileException(_file, 1, columns.Label, "the file is empty; a header is expected, such as Label,P0,P1");
        Header = new ScoreFileHeader(_file, [.. Enumerable.Range(0, _line.Count).Select(column => _line[column].ToString())], columns);
    }

    public ScoreFileHeader Header { get; }

    /// <summary>How many rows lie below the header, read and left out alike.</summary>
    public long RowsRead { get; private set; }

    public RowsLeftOut LeftOut { get; private set; } = RowsLeftOut.None;

    /// <summary>The bytes of the file read so far, by and large, out of all of them.</summary>
    public double ShareRead => _reader.BaseStream.Length == 0 ? 1 : (double)_reader.BaseStream.Position / _reader.BaseStream.Length;

    /// <summary>
    /// Fills the rows anew, up to their capacity or up to <paramref name="mostRows"/> rows of the file; false at its end.
    /// </summary>
    public bool Read(ScoreRows rows, long mostRows)
    {
        rows.Clear();
        for (long left = mostRows; rows.Count < ScoreRows.Capacity && left > 0; left--, RowsRead++)
        {
            if (!MoveToNextRow())
            {
                if (RowsRead == 0)
                    throw new ScoreFileException(_file, _row + 1, Header.ColumnName(Header.Label), "there are no rows below the header");
                return rows.Count > 0;
            }

            ReadRow(rows);
        }

        return true;
    }

    /// <summary>Counts the rows that are left, without a look at what they hold; the reader is at the end of the file then.</summary>
    public long CountRows()
    {
        long rows = 0;
        while (_reader.ReadLine() is { } text)
            rows += string.IsNullOrWhiteSpace(text) ? 0 : 1;
        return rows;
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
            if (!_line.IsComplete)
                throw new ScoreFileException(_file, _row, null, "a quoted field does not end");
            return true;
        }

        return false;
    }

    private void ReadRow(ScoreRows rows)
    {
        if (_line.Count < Header.ColumnCount)
            throw Wrong(_line.Count, $"is missing; the row has {_line.Count} of {Header.ColumnCount} fields");
        if (_line.Count > Header.ColumnCount)
            throw Wrong(
                Header.ColumnCount - 1, $"is followed by more; the row has {_line.Count} fields, and the header has {Header.ColumnCount}");

        var scores = rows.Next;
        for (int index = 0; index < scores.Length; index++)
            scores[index] = Number(Header.Classes[index]);
        var label = _line[Header.Label];
        int labelIndex = label.IsEmpty ? -1 : Header.ClassOf(label);
        if (labelIndex < 0 && !label.IsEmpty)
            throw Wrong(Header.Label, $"'{label}' is none of the classes {ScoreFileHeader.Shorten(Header.ClassNames)}");
        if (!ScoreRules.IsUsable(scores))
            LeftOut = LeftOut with { NotFinite = LeftOut.NotFinite + 1 };
        else if (_rules.Problem(scores) is { } problem)
        {
            string column = problem.Class is { } index ? Header.ColumnName(Header.Classes[index]) : Columns();
            throw new ScoreFileException(_file, _row, column, problem.Text);
        }
        else if (labelIndex < 0)
            LeftOut = LeftOut with { MissingLabel = LeftOut.MissingLabel + 1 };
        else
            rows.Add(labelIndex, _row, Header.RowName is { } name ? _line[name].ToString() : null);
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
            "" => throw Wrong(column, "is empty, but a number is expected"),
            _ => throw Wrong(column, $"'{text}' is not a number"),
        };
    }

    private string Columns() => $"{Header.ColumnName(Header.Classes[0])} to {Header.ColumnName(Header.Classes[^1])}";

    private ScoreFileException Wrong(int column, string problem) => new(_file, _row, Header.ColumnName(column), problem);
}

using System.Globalization;
using System.Numerics.Tensors;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool;

/// <summary>
/// Reads files of labelled scores one after the other, a block of rows at a time, into memory that is reused. Stops at the first error with
/// a clear message.
/// </summary>
internal sealed class ScoreReader : IDisposable
{
    private readonly LayoutOptions _options;
    private readonly Queue<string> _files;
    private readonly int _fileCount;
    private readonly LabelFinder _finder;
    private readonly LabelFinder _decisionFinder;
    private readonly HashSet<ulong> _numbers = [];
    private readonly ScoreCheck _check;
    private Table _table;
    private ScoreLayout _current;

    /// <param name="files">At least one; all have the same classes.</param>
    /// <param name="options">What the command line says about the columns.</param>
    public ScoreReader(IReadOnlyList<string> files, LayoutOptions options)
        : this(Table.Open(files[0]), [.. files.Skip(1)], options)
    {
    }

    /// <param name="table">The only table. The reader disposes it.</param>
    /// <param name="options">What is known about its columns.</param>
    public ScoreReader(Table table, LayoutOptions options)
        : this(table, [], options)
    {
    }

    private ScoreReader(Table first, IReadOnlyList<string> others, LayoutOptions options)
    {
        (_options, _fileCount, _files) = (options, 1 + others.Count, new Queue<string>(others));
        _table = first;
        IsCopy = _table.IsCopy;
        try
        {
            Layout = _current = ScoreLayout.Of(_table, options);
        }
        catch
        {
            _table.Dispose();
            throw;
        }

        (_finder, _decisionFinder) = (new(Layout.ClassNames, Layout.ColumnNames), new(Layout.ClassNames, Layout.ColumnNames));
        _check = new(Layout);
    }

    /// <summary>The layout of the first file. The others have the same classes, perhaps in columns elsewhere.</summary>
    public ScoreLayout Layout { get; }

    /// <summary>Whether the first file was copied to a temporary file.</summary>
    public bool IsCopy { get; }

    /// <summary>If set, rows are numbered by their ids, and each id may occur once.</summary>
    public RowIds? Ids { get; set; }

    public int ClassCount => Layout.ClassCount;

    /// <summary>Whether to name rows without ids by file and row even if there is only one file.</summary>
    public bool NamesRows { get; init; }

    /// <summary>What the reader of the figures should know about the rows read so far.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            string[] withoutRows = Layout.AreCertain ? [] : [.. _check.WithoutRows.Take(5)];
            if (withoutRows.Length > 0)
            {
                yield return $"No label is {string.Join(", ", withoutRows)}, although that column was read as a class. If it is not one, "
                    + "say --ignore with its name.";
            }

            if (_check.ArePercentages)
                yield return "The scores are percentages; each row was divided by its sum.";
        }
    }

    /// <summary>The number of rows so far, including those left out.</summary>
    public long RowsRead { get; private set; }

    public RowsLeftOut LeftOut { get; private set; } = RowsLeftOut.None;

    /// <summary>The share of all files that was read; NaN if it is unknown.</summary>
    public double ShareRead => (_fileCount - _files.Count - 1 + _table.ShareRead) / _fileCount;

    /// <summary>The estimated number of rows of all files, from those read so far; 0 if it is unknown.</summary>
    public double EstimatedRows => ShareRead > 0 ? RowsRead / ShareRead : 0;

    /// <summary>Allocates a block.</summary>
    public ScoreBlock NewBlock() => new(ClassCount);

    /// <summary>Reads rows until the block is full, or <paramref name="mostRows"/> rows; false at the end of the last file.</summary>
    public bool Read(ScoreBlock block, long mostRows = long.MaxValue)
    {
        block.Clear(AreNamed, Layout.Weight is not null);
        for (var left = mostRows; !block.IsFull && left > 0; left--, RowsRead++)
        {
            if (!MoveNext())
            {
                if (RowsRead == 0)
                    throw _table.Wrong(Layout.Columns[Layout.Label], "there are no rows below the header");
                RequireCertainLabels();
                _check.CheckAllRows(_table.Name, hasFiniteRows: RowsRead > LeftOut.NotFinite);
                return block.Count > 0;
            }

            ReadRow(block);
        }

        return true;
    }

    /// <summary>Visits blocks of rows, each while the next one is read, and shows the progress.</summary>
    /// <param name="title">The name of the work.</param>
    /// <param name="visit">Processes a block.</param>
    /// <param name="stop">Cancels the work with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="rows">The maximum number of rows to read.</param>
    public void ReadAll(string title, Action<ScoreBlock> visit, CancellationToken stop, long rows = long.MaxValue)
    {
        var progress = new WorkProgress(title);
        var end = rows == long.MaxValue ? rows : RowsRead + rows;
        var (block, next) = (NewBlock(), NewBlock());
        bool ReadNext() => RowsRead < end && Read(next, end - RowsRead);
        for (var hasNext = ReadNext(); hasNext;)
        {
            stop.ThrowIfCancellationRequested();
            (block, next) = (next, block);
            var reading = Task.Run(ReadNext);
            try
            {
                visit(block);
            }
            finally
            {
                hasNext = reading.GetAwaiter().GetResult();
            }

            progress.Report(RowsRead, ShareRead);
        }

        progress.End();
    }

    public void Dispose() => _table.Dispose();

    private bool AreNamed => Layout.RowId is not null || _fileCount > 1 || NamesRows;

    private bool MoveNext()
    {
        while (!_table.MoveNext())
        {
            if (!_files.TryDequeue(out var next))
                return false;
            _table.Dispose();
            _table = Table.Open(next);
            _current = ScoreLayout.Of(_table, _options with { AreLogits = Layout.AreLogits });
            _current.RequireSameAs(Layout);
        }

        return true;
    }

    private void ReadRow(ScoreBlock block)
    {
        var scores = block.Next;
        if (_current.IsPositiveOnly)
        {
            _table.Scores(scores[1..]);
            if (scores[1] is < 0 or > 1)
                throw Wrong(_current.Scores[0], FormattableString.Invariant($"{scores[1]:G4} is not a probability, which is from 0 to 1"));
            scores[0] = 1 - scores[1];
        }
        else
        {
            _table.Scores(scores);
        }

        _check.LookForFractions(scores);
        var found = ClassOf(_finder, _current.Label);
        // A row with NaN or +infinity, or with every score -infinity, defines no distribution.
        if (!float.IsFinite(TensorPrimitives.Max<float>(scores)))
        {
            LeftOut = LeftOut with { NotFinite = LeftOut.NotFinite + 1 };
            return;
        }

        _check.CheckKind(scores, _table, _current);
        if (found < 0)
        {
            LeftOut = LeftOut with { MissingLabel = LeftOut.MissingLabel + 1 };
            return;
        }

        _check.AddLabel(found);
        var decision = _current.Decision is { } decided ? ClassOf(_decisionFinder, decided) : -1;
        var weight = _current.Weight is { } weighing ? WeightOf(weighing) : 1;
        var name = !AreNamed ? null : _current.RowId is { } id ? _table.Text(id).ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{_table.Name}:{_table.Row}");
        block.Add(found, decision, weight, Ids is null ? (ulong)(_fileCount == 1 ? _table.Row : RowsRead) : NumberOf(name!), name);
    }

    private ulong NumberOf(string id)
    {
        var number = Ids!.NumberOf(id);
        return _numbers.Add(number) ? number : throw Wrong(
            _current.RowId!.Value, $"the id '{id}' is there twice, so rows cannot be matched by it. Name another column with "
            + "--row-id, or match them by their order with --ignore and the name of this one");
    }

    /// <summary>The class that a label or a decision names; negative if it is missing.</summary>
    private int ClassOf(LabelFinder finder, int column)
    {
        var text = _table.Text(column);
        var found = finder.Find(text);
        return found >= 0 || MissingValue.Is(text) ? found : throw Wrong(
            column, $"'{text}' is none of the classes {ScoreLayout.Shorten(Layout.ClassNames)}. If they have other names in "
            + "the labels, give these with --class-names; if the scores are other columns, name those with --scores");
    }

    private float WeightOf(int column)
    {
        var text = _table.Text(column);
        return float.TryParse(text, CultureInfo.InvariantCulture, out var weight) && weight >= 0 && float.IsFinite(weight)
            ? weight : throw Wrong(column, $"'{text}' is not a weight; a finite number of at least 0 is expected");
    }

    /// <summary>Throws if labels can count from 0 or from 1.</summary>
    private void RequireCertainLabels()
    {
        foreach (var (finder, column) in new[] { (_finder, Layout.Label), (_decisionFinder, Layout.Decision ?? Layout.Label) })
        {
            if (finder.Refusal is { } refusal)
                throw new FormatException($"{_table.Name}, column {Layout.Columns[column]}: {refusal}.");
        }
    }

    private FormatException Wrong(int column, string problem) => _table.Wrong(_current.Columns[column], problem);
}

using System.Globalization;
using System.Numerics.Tensors;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Metrics;
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
    private readonly bool[] _isLabel;
    private readonly bool[] _isWhole;
    private Table _table;
    private ScoreLayout _current;
    private ProbabilityRowKind? _kind;
    private bool _areAllDistributions = true;

    /// <param name="files">At least one; all have the same classes.</param>
    /// <param name="options">What the command line says about the columns.</param>
    public ScoreReader(IReadOnlyList<string> files, LayoutOptions options)
    {
        (_options, _fileCount, _files) = (options, files.Count, new Queue<string>(files));
        _table = Table.Open(_files.Dequeue());
        try
        {
            Layout = _current = ScoreLayout.Of(_table, options);
        }
        catch
        {
            _table.Dispose();
            throw;
        }

        _finder = new LabelFinder(Layout.ClassNames, Layout.ColumnNames);
        (_isLabel, _isWhole) = (new bool[ClassCount], new bool[ClassCount]);
        Array.Fill(_isWhole, true);
    }

    /// <summary>The layout of the first file. The others have the same classes, perhaps in columns elsewhere.</summary>
    public ScoreLayout Layout { get; }

    public int ClassCount => Layout.ClassCount;

    /// <summary>Whether to name rows without ids by file and row even if there is only one file.</summary>
    public bool NamesRows { get; init; }

    /// <summary>Whether the rows read so far are percentages. If so, they were divided by their sums.</summary>
    public bool ArePercentages => _kind == ProbabilityRowKind.Percentages;

    /// <summary>The classes without a row, unless a naming pattern identified their columns.</summary>
    public IEnumerable<string> ClassesWithoutRows =>
        Layout.AreCertain ? [] : Enumerable.Range(0, ClassCount).Where(index => !_isLabel[index]).Select(index => Layout.ClassNames[index]);

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
        block.Clear(AreNamed);
        for (var left = mostRows; !block.IsFull && left > 0; left--, RowsRead++)
        {
            if (!MoveNext())
            {
                if (RowsRead == 0)
                    throw _table.Wrong(Layout.Columns[Layout.Label], "there are no rows below the header");
                CheckWhatOnlyAllRowsShow();
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
                throw Wrong(_current.Scores[0], FormattableString.Invariant($"{scores[1]:G4} is no probability, which is from 0 to 1"));
            scores[0] = 1 - scores[1];
        }
        else
        {
            _table.Scores(scores);
        }

        for (var index = 0; index < scores.Length; index++)
            _isWhole[index] &= scores[index] == MathF.Round(scores[index]);
        var label = _table.Text(_current.Label);
        var found = _finder.Find(label);
        if (found < 0 && !label.IsEmpty)
        {
            throw Wrong(
                _current.Label, $"'{label}' is none of the classes {ScoreLayout.Shorten(Layout.ClassNames)}. If they have other names in "
                + "the labels, give these with --class-names; if the scores are other columns, name those with --scores");
        }

        // A row with NaN or +infinity, or with every score -infinity, defines no distribution.
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
        var name = !AreNamed ? null : _current.RowId is { } id ? _table.Text(id).ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{_table.Name}:{_table.Row}");
        block.Add(found, (ulong)(_fileCount == 1 ? _table.Row : RowsRead), name);
    }

    /// <summary>Checks that all rows are probabilities, or that all are percentages, which it divides by their sum.</summary>
    private void CheckKind(Span<float> scores)
    {
        var kind = ProbabilityRow.Examine(scores);
        _areAllDistributions &= kind is ProbabilityRowKind.Probabilities or ProbabilityRowKind.Percentages;
        if (Layout.AreLogits)
            return;
        _kind ??= kind;
        if (kind == _kind && kind is ProbabilityRowKind.Probabilities or ProbabilityRowKind.Percentages)
        {
            if (kind == ProbabilityRowKind.Percentages)
                TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
            return;
        }

        var isPercentage = _kind == ProbabilityRowKind.Percentages;
        var hint = kind is ProbabilityRowKind.Logits or ProbabilityRowKind.LogProbabilities ? ". For raw scores say --score-kind logits"
            : ". If a column holds no scores, say so with --ignore, or name those that do with --scores";
        var outside = scores.IndexOfAnyExceptInRange(0f, isPercentage ? 100 : 1 + ProbabilityBlock.Tolerance);
        if (outside >= 0 && kind != ProbabilityRowKind.Percentages)
        {
            throw Wrong(
                _current.Scores[_current.IsList ? 0 : outside],
                FormattableString.Invariant($"{scores[outside]:G4} is no probability") + hint);
        }

        throw _table.Wrong(
            $"{_current.Columns[_current.Scores[0]]} to {_current.Columns[_current.Scores[^1]]}", FormattableString.Invariant(
                $"the probabilities sum to {TensorPrimitives.Sum<float>(scores):G4}, not to {(isPercentage ? 100 : 1)}") + hint);
    }

    /// <summary>
    /// Throws if the logits are probabilities, if labels can count from 0 or from 1, or if the name and the values of a column suggest that
    /// it is not a class.
    /// </summary>
    private void CheckWhatOnlyAllRowsShow()
    {
        if (Layout.AreLogits && _areAllDistributions && RowsRead > LeftOut.NotFinite)
        {
            throw new FormatException(
                $"{_table.Name}: all rows are probabilities, which a softmax would flatten. Say --score-kind probabilities.");
        }

        if (_finder.Refusal is { } refusal)
            throw new FormatException($"{_table.Name}, column {Layout.Columns[Layout.Label]}: {refusal}.");
        if (Layout.AreCertain || _isWhole.All(isWhole => isWhole))
            return;
        var suspect = Enumerable.Range(0, ClassCount).FirstOrDefault(index => !_isLabel[index] && _isWhole[index], -1);
        if (suspect >= 0)
        {
            throw new FormatException(
                $"{_table.Name}, column {Layout.Columns[Layout.Scores[suspect]]}: no label has this name, and it holds only whole numbers, "
                + $"so that it may be no class. Say --ignore \"{Layout.Columns[Layout.Scores[suspect]]}\", or name the columns of the "
                + "scores with --scores.");
        }
    }

    private FormatException Wrong(int column, string problem) => _table.Wrong(_current.Columns[column], problem);
}

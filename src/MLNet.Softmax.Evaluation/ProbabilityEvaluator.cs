namespace MLNet.Softmax.Evaluation;

/// <summary>
/// Evaluates probabilities from any source: add rows in any number of blocks, then compute <see cref="ProbabilityMetrics"/>. With several
/// threads, give each its own evaluator and merge them; with several processes or machines, also save and load them.
/// </summary>
/// <remarks>
/// However the rows are divided, and in any order of merging, the result is that of one pass: counts are the same, figures agree to within
/// 1e-12, and intervals to within 1e-9, the rounding of their sums. The rows listed one by one are the same if all rows have different ids.
/// </remarks>
public sealed partial class ProbabilityEvaluator
{
    private readonly RowOutcome[] _outcomes = new RowOutcome[RowOutcome.BlockRows];
    private readonly ulong[] _ids = new ulong[RowOutcome.BlockRows];
    private ulong _nextId;

    /// <summary>Creates an evaluator without rows.</summary>
    /// <param name="classNames">The name of each class, at least one.</param>
    /// <param name="options">What to compute; everything but the bootstrap if null. Its column names are not used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classNames"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="classNames"/> is empty.</exception>
    public ProbabilityEvaluator(IEnumerable<string> classNames, ProbabilityEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ClassNames = [.. classNames];
        if (ClassNames.Length == 0)
            throw new ArgumentException("An evaluation needs at least one class.", nameof(classNames));
        Options = options?.Copy() ?? new();
        var classCount = ClassNames.Length;
        Headline = new HeadlineMetrics(classCount, Options.CalibrationBins);
        TopK = new TopKAccuracy(classCount);
        Classwise = new ClasswiseCalibration(classCount, Options.CalibrationBins);
        Confusion = classCount <= Options.LargestConfusionMatrix ? new ConfusionTable(classCount) : null;
        RocAuc = Options.RocAuc ? new RocAuc(classCount) : null;
        Rows = Options.KeepRows || Options.AdaptiveCalibration || Options.Bootstrap is not null ? new KeptRows(classCount) : null;
        Mistakes = new NotableRows(Options.ConfidentMistakes, isOfMistakes: true);
        DoubtfulRows = new NotableRows(Options.DoubtfulRows, isOfMistakes: false);
    }

    internal string[] ClassNames { get; }

    internal ProbabilityEvaluationOptions Options { get; }

    internal HeadlineMetrics Headline { get; }

    internal TopKAccuracy TopK { get; }

    internal ClasswiseCalibration Classwise { get; }

    internal ConfusionTable? Confusion { get; }

    internal RocAuc? RocAuc { get; }

    internal KeptRows? Rows { get; }

    internal NotableRows Mistakes { get; }

    internal NotableRows DoubtfulRows { get; }

    internal RowsLeftOut LeftOut { get; private set; } = RowsLeftOut.None;

    internal bool IsWeighted { get; private set; }

    internal long RowsRenormalized { get; private set; }

    internal double LargestSumError { get; private set; }

    /// <summary>Warnings about the data, for the reader of the figures.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>Adds rows. A row whose sum differs from 1 by rounding is divided by its sum, and counted.</summary>
    /// <param name="block">
    /// The rows. Each must sum to 1 within the tolerance of <see cref="ProbabilityRow.IsDistribution(ReadOnlySpan{float})"/>.
    /// </param>
    /// <param name="rowIds">
    /// A number for each row, unique over all blocks, that identifies it; empty to number the rows from 0 in the order in which they are
    /// added.
    /// </param>
    /// <param name="rowNames">A name for each row; empty for none.</param>
    /// <exception cref="ArgumentException">
    /// The number of classes, ids or names does not match, or a row does not sum to 1; the message says what it looks like.
    /// </exception>
    public void Add(ProbabilityBlock block, ReadOnlySpan<ulong> rowIds = default, ReadOnlySpan<ReadOnlyMemory<char>> rowNames = default)
    {
        if (block.ClassCount != ClassNames.Length)
            throw new ArgumentException($"Expected rows of {ClassNames.Length} classes, found {block.ClassCount}.", nameof(block));
        if (!rowIds.IsEmpty && rowIds.Length != block.RowCount)
            throw new ArgumentException($"{block.RowCount} rows need as many ids, or none, found {rowIds.Length}.", nameof(rowIds));
        if (!rowNames.IsEmpty && rowNames.Length != block.RowCount)
            throw new ArgumentException($"{block.RowCount} rows need as many names, or none, found {rowNames.Length}.", nameof(rowNames));
        var areExact = true;
        for (var row = 0; row < block.RowCount; row++)
        {
            if (ProbabilityRow.IsDistribution(block.Row(row), out var sum))
            {
                areExact &= ProbabilityRow.IsExact(sum);
                continue;
            }

            var id = rowIds.IsEmpty ? _nextId + (ulong)row : rowIds[row];
            throw new ArgumentException(NotProbabilities.Describe(block.Row(row), id), nameof(block));
        }

        if (areExact)
        {
            AddChecked(block, rowIds, rowNames);
            return;
        }

        var probabilities = block.Probabilities.ToArray();
        for (var start = 0; start < probabilities.Length; start += block.ClassCount)
            CountRenormalized(ProbabilityRow.Renormalize(probabilities.AsSpan(start, block.ClassCount)));
        AddChecked(new ProbabilityBlock(probabilities, block.ClassCount, block.Labels, block.Weights), rowIds, rowNames);
    }

    /// <summary>Counts rows that the source could not deliver as a block.</summary>
    /// <param name="rows">How many, by reason.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rows"/> is null.</exception>
    public void LeaveOut(RowsLeftOut rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        LeftOut += rows;
    }

    /// <summary>Adds all rows of another evaluator. Do not use the other one afterwards.</summary>
    /// <param name="other">An evaluator of the same classes and options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="ArgumentException">The classes or the options differ; the message says which.</exception>
    public void Merge(ProbabilityEvaluator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (DifferenceTo(other) is { } difference)
        {
            throw new ArgumentException(
                $"The two evaluations cannot be merged: {difference}. Evaluate both with the same classes and options.", nameof(other));
        }

        Headline.Merge(other.Headline);
        TopK.Merge(other.TopK);
        Classwise.Merge(other.Classwise);
        Confusion?.Merge(other.Confusion!);
        RocAuc?.Merge(other.RocAuc!);
        Rows?.Merge(other.Rows!);
        Mistakes.Merge(other.Mistakes);
        DoubtfulRows.Merge(other.DoubtfulRows);
        LeftOut += other.LeftOut;
        IsWeighted |= other.IsWeighted;
        RowsRenormalized += other.RowsRenormalized;
        LargestSumError = Math.Max(LargestSumError, other.LargestSumError);
    }

    /// <summary>Computes the figures from all rows so far.</summary>
    /// <returns>The figures; all NaN if there were no rows. Rows that are added later do not change them.</returns>
    public ProbabilityMetrics ToMetrics() => new(this);

    /// <summary>Lets the memory of the rows be used again. Do not use the evaluator any more.</summary>
    internal void Release() => RocAuc?.Release();

    /// <summary>Counts a row whose sum was this far from 1 before it was divided by it, if it was.</summary>
    internal void CountRenormalized(double distance)
    {
        if (distance == 0)
            return;
        RowsRenormalized++;
        LargestSumError = Math.Max(LargestSumError, distance);
    }

    /// <summary>As <see cref="Add"/>, for rows that are known to sum to 1.</summary>
    internal void AddChecked(ProbabilityBlock block, ReadOnlySpan<ulong> rowIds, ReadOnlySpan<ReadOnlyMemory<char>> rowNames)
    {
        IsWeighted |= !block.Weights.IsEmpty;
        for (var start = 0; start < block.RowCount; start += RowOutcome.BlockRows)
        {
            var part = block.Slice(start, Math.Min(RowOutcome.BlockRows, block.RowCount - start));
            var ids = rowIds.IsEmpty ? NextIds(part.RowCount) : rowIds.Slice(start, part.RowCount);
            RowOutcome.Compute(part, _outcomes);
            var outcomes = _outcomes.AsSpan(0, part.RowCount);
            Headline.Add(outcomes);
            TopK.Add(outcomes);
            Confusion?.Add(outcomes);
            var names = rowNames.IsEmpty ? [] : rowNames.Slice(start, part.RowCount);
            Mistakes.Add(outcomes, ids, names);
            DoubtfulRows.Add(outcomes, ids, names);
            Rows?.Add(outcomes, ids);
            Classwise.Add(part);
            RocAuc?.Add(part);
        }
    }

    /// <summary>The differences that keep two evaluations from being merged; null if there are none.</summary>
    private string? DifferenceTo(ProbabilityEvaluator other)
    {
        if (ClassNames.Length != other.ClassNames.Length)
            return $"the first has {ClassNames.Length} classes and the second {other.ClassNames.Length}";
        var label = ClassNames.AsSpan().CommonPrefixLength(other.ClassNames);
        if (label < ClassNames.Length)
            return $"class {label} is '{ClassNames[label]}' in the first and '{other.ClassNames[label]}' in the second";
        var differences = Options.Settings.Zip(other.Options.Settings).Where(pair => !Equals(pair.First.Value, pair.Second.Value))
            .Select(pair => string.Create(
                CultureInfo.InvariantCulture,
                $"{pair.First.Name} is {pair.First.Value ?? "not set"} in the first and {pair.Second.Value ?? "not set"} in the second"));
        return string.Join("; ", differences) is { Length: > 0 } text ? text : null;
    }

    private Span<ulong> NextIds(int count)
    {
        for (var row = 0; row < count; row++)
            _ids[row] = _nextId++;
        return _ids.AsSpan(0, count);
    }
}

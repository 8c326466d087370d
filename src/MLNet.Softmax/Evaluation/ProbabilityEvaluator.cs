using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax;

/// <summary>
/// Evaluates probabilities that do not come from an <c>IDataView</c>: takes rows in any number of blocks, from any source, and gives
/// <see cref="ProbabilityMetrics"/>. For several threads give each its own and merge them; how rows are divided does not show in the
/// figures.
/// </summary>
public sealed class ProbabilityEvaluator
{
    private readonly string[] _classNames;
    private readonly ProbabilityEvaluationOptions _options;
    private readonly EvaluationState _state;
    private readonly RowOutcome[] _outcomes = new RowOutcome[BlockRows];
    private readonly ulong[] _ids = new ulong[BlockRows];
    private ulong _nextId;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classNames">The name of each class, at least one.</param>
    /// <param name="options">What to compute; everything but the bootstrap where null. Column names in it are not used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classNames"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="classNames"/> is empty.</exception>
    public ProbabilityEvaluator(IEnumerable<string> classNames, ProbabilityEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        _classNames = [.. classNames];
        if (_classNames.Length == 0)
            throw new ArgumentException("An evaluation needs at least one class.", nameof(classNames));
        _options = options ?? new ProbabilityEvaluationOptions();
        _state = new EvaluationState(_classNames.Length, _options);
    }

    /// <summary>Rows that are worked on at a time.</summary>
    internal const int BlockRows = 256;

    /// <summary>Takes rows in.</summary>
    /// <param name="block">The rows; each sums to 1.</param>
    /// <param name="rowIds">A number for each row, unique over all blocks, to find it again by; empty to number the rows as they come, from
    /// 0.</param>
    /// <param name="rowNames">A name for each row; empty for none.</param>
    /// <exception cref="ArgumentException">The number of classes, ids or names does not fit, or a row does not sum to 1; the message says
    /// what it looks like.</exception>
    public void Add(ProbabilityBlock block, ReadOnlySpan<ulong> rowIds = default, ReadOnlySpan<ReadOnlyMemory<char>> rowNames = default)
    {
        if (block.ClassCount != _classNames.Length)
            throw new ArgumentException($"Rows of {block.ClassCount} classes given to an evaluator of {_classNames.Length}.", nameof(block));
        if (!rowIds.IsEmpty && rowIds.Length != block.RowCount)
            throw new ArgumentException($"{block.RowCount} rows need as many ids, or none, found {rowIds.Length}.", nameof(rowIds));
        if (!rowNames.IsEmpty && rowNames.Length != block.RowCount)
            throw new ArgumentException($"{block.RowCount} rows need as many names, or none, found {rowNames.Length}.", nameof(rowNames));
        for (var row = 0; row < block.RowCount; row++)
        {
            if (!ProbabilityRow.IsDistribution(block.Row(row)))
                throw new ArgumentException(NotProbabilities.Describe(block.Row(row), rowIds.IsEmpty ? _nextId + (ulong)row : rowIds[row]), nameof(block));
        }

        AddChecked(block, rowIds, rowNames);
    }

    /// <summary>Counts rows that the source could not deliver as a block.</summary>
    /// <param name="rows">How many, by reason.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rows"/> is null.</exception>
    public void LeaveOut(RowsLeftOut rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _state.LeftOut = _state.LeftOut.Plus(rows);
    }

    /// <summary>Takes in all that another evaluator was fed with; the other must not be used any more.</summary>
    /// <param name="other">An evaluator of the same classes and options.</param>
    /// <exception cref="ArgumentException">The classes or the options differ.</exception>
    public void Merge(ProbabilityEvaluator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!_classNames.AsSpan().SequenceEqual(other._classNames) || _options != other._options)
            throw new ArgumentException("Only evaluators of the same classes and options can be merged.", nameof(other));
        _state.Merge(other._state);
    }

    /// <summary>Computes the figures from all rows so far.</summary>
    /// <returns>The figures; all NaN where there were no rows.</returns>
    public ProbabilityMetrics ToMetrics() => EvaluationResult.Of(_classNames, _options, _state);

    /// <summary>As <see cref="Add"/>, for rows that are known to sum to 1.</summary>
    internal void AddChecked(ProbabilityBlock block, ReadOnlySpan<ulong> rowIds, ReadOnlySpan<ReadOnlyMemory<char>> rowNames)
    {
        for (var start = 0; start < block.RowCount; start += BlockRows)
        {
            var part = block.Slice(start, Math.Min(BlockRows, block.RowCount - start));
            var ids = rowIds.IsEmpty ? NextIds(part.RowCount) : rowIds.Slice(start, part.RowCount);
            RowOutcomes.Compute(part, _outcomes);
            _state.Add(part, _outcomes.AsSpan(0, part.RowCount), ids, rowNames.IsEmpty ? [] : rowNames.Slice(start, part.RowCount));
        }
    }

    private Span<ulong> NextIds(int count)
    {
        for (var row = 0; row < count; row++)
            _ids[row] = _nextId++;
        return _ids.AsSpan(0, count);
    }
}

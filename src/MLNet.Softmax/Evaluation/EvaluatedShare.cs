namespace MLNet.Softmax.Evaluation;

/// <summary>Reads the rows of one cursor, a block at a time, into its own evaluator.</summary>
internal sealed class EvaluatedShare
{
    // A row that was just copied is slow to read: the processor waits until all parts of it are written.
    private const int ValuesToCheck = 1024;
    private readonly EvaluatedColumns _columns;
    private readonly FirstRefusal _refusal;
    private readonly int _classCount;
    private readonly float[] _probabilities;
    private readonly int[] _labels;
    private readonly float[]? _weights;
    private readonly ReadOnlyMemory<char>[]? _names;
    private readonly ulong[] _ids;
    private int _filled, _checked;
    private long _missingLabel, _unknownLabel, _notFinite, _invalidWeight, _zeroWeight;

    public EvaluatedShare(EvaluatedColumns columns, ProbabilityEvaluationOptions options, FirstRefusal refusal)
    {
        _columns = columns;
        _refusal = refusal;
        _classCount = columns.ClassNames.Length;
        // Blocks of many classes have fewer rows, so that they fit into the L2 cache.
        var rows = Math.Clamp((1 << 17) / _classCount, 8, RowOutcome.BlockRows);
        _probabilities = new float[rows * _classCount];
        _labels = new int[rows];
        _weights = columns.Weight is null ? null : new float[rows];
        _names = columns.Name is null ? null : new ReadOnlyMemory<char>[rows];
        _ids = new ulong[rows];
        Evaluator = new ProbabilityEvaluator(columns.ClassNames, options);
    }

    public ProbabilityEvaluator Evaluator { get; }

    /// <summary>Reads all rows of a cursor, or until told to stop, or until the column is rejected.</summary>
    public void Read(DataViewRowCursor cursor, CancellationToken stop)
    {
        var readLabel = _columns.Labels.Reader(cursor);
        var readProbabilities = cursor.GetGetter<VBuffer<float>>(_columns.Probability);
        var readWeight = _columns.Weight is { } weightColumn ? cursor.GetGetter<float>(weightColumn) : null;
        var readName = _columns.Name is { } nameColumn ? cursor.GetGetter<ReadOnlyMemory<char>>(nameColumn) : null;
        var readId = cursor.GetIdGetter();
        VBuffer<float> buffer = default;
        DataViewRowId id = default;
        while (!stop.IsCancellationRequested && cursor.MoveNext())
        {
            var label = readLabel();
            if (!IsKnown(label))
                continue;
            readWeight?.Invoke(ref _weights![_filled]);
            if (_weights is not null && !IsUsable(_weights[_filled]))
                continue;

            readProbabilities(ref buffer);
            buffer.CopyTo(Row(_filled));
            readName?.Invoke(ref _names![_filled]);
            readId(ref id);
            _labels[_filled] = label;
            _ids[_filled] = id.Low;
            _filled++;
            if ((_filled == _labels.Length || (_filled - _checked) * _classCount >= ValuesToCheck) && !Check())
                return;
            if (_filled == _labels.Length)
                Flush();
        }

        if (!Check())
            return;
        Flush();
        Evaluator.LeaveOut(new RowsLeftOut(_missingLabel, _unknownLabel, _notFinite, _invalidWeight, _zeroWeight));
    }

    private Span<float> Row(int row) => _probabilities.AsSpan(row * _classCount, _classCount);

    /// <summary>
    /// Checks the rows since the last call, and drops those with NaN. Returns false if the column is rejected, for this row or an earlier
    /// one.
    /// </summary>
    private bool Check()
    {
        var end = _filled;
        _filled = _checked;
        for (var row = _checked; row < end; row++)
        {
            if (_refusal.IsBefore(_ids[row]))
                return false;
            var probabilities = Row(row);
            if (ProbabilityRow.IsDistribution(probabilities, out var sum))
            {
                Evaluator.CountRenormalized(ProbabilityRow.Renormalize(probabilities, sum));
                Keep(row);
                continue;
            }

            if (ProbabilityRow.Examine(probabilities) != ProbabilityRowKind.NotFinite)
            {
                // Anything but probabilities and NaN means that the whole column holds something else.
                _refusal.Add(_ids[row], NotProbabilities.Refuse(_columns.Probability.Name, probabilities, _ids[row]));
                return false;
            }

            _notFinite++;
        }

        _checked = _filled;
        return true;
    }

    /// <summary>Moves a row to where the rows without NaN end.</summary>
    private void Keep(int row)
    {
        var target = _filled++;
        if (target == row)
            return;
        Row(row).CopyTo(Row(target));
        (_labels[target], _ids[target]) = (_labels[row], _ids[row]);
        if (_weights is not null)
            _weights[target] = _weights[row];
        if (_names is not null)
            _names[target] = _names[row];
    }

    private bool IsKnown(int label)
    {
        if (label == LabelColumn.Missing)
            _missingLabel++;
        else if (label == LabelColumn.Unknown)
            _unknownLabel++;
        return label >= 0;
    }

    private bool IsUsable(float weight)
    {
        if (weight == 0)
            _zeroWeight++;
        else if (!(weight > 0 && float.IsFinite(weight)))
            _invalidWeight++;
        return weight > 0 && float.IsFinite(weight);
    }

    private void Flush()
    {
        var block = ProbabilityBlock.OfChecked(
            _probabilities.AsSpan(0, _filled * _classCount), _classCount, _labels.AsSpan(0, _filled),
            _weights is null ? [] : _weights.AsSpan(0, _filled));
        Evaluator.AddChecked(block, _ids.AsSpan(0, _filled), _names is null ? [] : _names.AsSpan(0, _filled));
        _filled = _checked = 0;
    }
}

namespace MLNet.Softmax.Calibration;

/// <summary>Makes each row's prediction set once, for whichever of the two columns are read.</summary>
internal sealed class PredictionSetOfRow
{
    private readonly ValueGetter<VBuffer<float>> _source;
    private readonly string _columnName;
    private readonly PredictionSetFit _rule;
    private readonly ReadOnlyMemory<char>[] _labels;
    private readonly int[] _classes;
    private readonly OncePerRow _set;
    private VBuffer<float> _buffer;
    private float[] _dense = [];
    private int _count;

    public PredictionSetOfRow(DataViewRow row, DataViewSchema.Column probabilities, PredictionSetFit rule, ReadOnlyMemory<char>[] labels)
    {
        _source = row.GetGetter<VBuffer<float>>(row.Schema[probabilities.Index]);
        (_columnName, _rule, _labels) = (probabilities.Name, rule, labels);
        _classes = new int[labels.Length];
        _set = new OncePerRow(row, Find);
    }

    /// <summary>The getters of the labels and of their number.</summary>
    public Delegate[] Getters => [(ValueGetter<VBuffer<ReadOnlyMemory<char>>>)GetLabels, (ValueGetter<int>)GetSize];

    private void Find()
    {
        _source(ref _buffer);
        if (_buffer.Length != _labels.Length)
            throw new InvalidOperationException(
                $"A row of column '{_columnName}' holds {_buffer.Length} probabilities, but its type says {_labels.Length}.");
        _count = PredictionSets.Apply(DenseValues.Of(_buffer, ref _dense), _rule, _classes);
    }

    private void GetLabels(ref VBuffer<ReadOnlyMemory<char>> destination)
    {
        _set.Ensure();
        var editor = VBufferEditor.Create(ref destination, _count);
        for (var i = 0; i < _count; i++) editor.Values[i] = _labels[_classes[i]];
        destination = editor.Commit();
    }

    private void GetSize(ref int destination)
    {
        _set.Ensure();
        destination = _count;
    }
}

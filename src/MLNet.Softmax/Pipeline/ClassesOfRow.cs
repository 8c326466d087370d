namespace MLNet.Softmax.Pipeline;

/// <summary>Finds some classes of each row once, for all added columns that are read. A search that throws runs again.</summary>
internal abstract class ClassesOfRow
{
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<float>> _source;
    private readonly string _columnName;
    private readonly string _noun;
    private readonly ReadOnlyMemory<char>[] _labels;
    private VBuffer<float> _buffer;
    private float[] _dense = [];
    private long _foundAt = long.MinValue;

    /// <param name="row">The incoming row.</param>
    /// <param name="values">The column of one value per class.</param>
    /// <param name="noun">What the values are called in messages.</param>
    /// <param name="labels">The names of the classes.</param>
    /// <param name="most">How many classes are found at most.</param>
    protected ClassesOfRow(DataViewRow row, DataViewSchema.Column values, string noun, ReadOnlyMemory<char>[] labels, int most)
    {
        (_row, _columnName, _noun, _labels) = (row, values.Name, noun, labels);
        _source = row.GetGetter<VBuffer<float>>(row.Schema[values.Index]);
        Classes = new int[most];
    }

    /// <summary>The classes, of which the first <see cref="Count"/> belong to the row.</summary>
    protected int[] Classes { get; }

    protected int Count { get; private set; }

    /// <summary>Writes the classes to <see cref="Classes"/> and says how many they are.</summary>
    protected abstract int Find(ReadOnlySpan<float> values);

    protected void Ensure()
    {
        var position = _row.Position;
        if (position == _foundAt) return;
        // Remember the row only after success.
        _foundAt = long.MinValue;
        _source(ref _buffer);
        if (_buffer.Length != _labels.Length)
            throw new InvalidOperationException(
                $"A row of column '{_columnName}' holds {_buffer.Length} {_noun}, but its type says {_labels.Length}.");
        Count = Find(DenseValues.Of(_buffer, ref _dense));
        _foundAt = position;
    }

    protected VBufferEditor<T> Edit<T>(ref VBuffer<T> destination)
    {
        Ensure();
        return VBufferEditor.Create(ref destination, Count);
    }

    protected void GetLabels(ref VBuffer<ReadOnlyMemory<char>> destination)
    {
        var editor = Edit(ref destination);
        for (var i = 0; i < Count; i++) editor.Values[i] = _labels[Classes[i]];
        destination = editor.Commit();
    }
}

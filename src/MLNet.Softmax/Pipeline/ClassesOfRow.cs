namespace MLNet.Softmax.Pipeline;

/// <summary>Finds some classes of each row once, for all added columns that are read. A search that throws runs again.</summary>
internal abstract class ClassesOfRow
{
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<float>> _source;
    private readonly IKeepsValues? _kept;
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
        _kept = _source.Target as IKeepsValues;
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
        var values = _kept is null ? Read() : _kept.Values();
        SchemaChecks.RequireLength(_columnName, values.Length, _noun, _labels.Length);
        Count = Find(values);
        // Only after success.
        _foundAt = position;
    }

    private ReadOnlySpan<float> Read()
    {
        _source(ref _buffer);
        return DenseValues.Of(_buffer, ref _dense);
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

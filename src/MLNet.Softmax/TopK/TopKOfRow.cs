using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax;

/// <summary>Finds the top classes of each row once, for whichever of the three columns are read.</summary>
internal sealed class TopKOfRow
{
    private readonly ValueGetter<VBuffer<float>> _source;
    private readonly string _columnName;
    private readonly ReadOnlyMemory<char>[] _labels;
    private readonly int[] _indices;
    private readonly float[] _scores;
    private readonly OncePerRow _top;
    private VBuffer<float> _buffer;
    private float[] _dense = [];

    public TopKOfRow(DataViewRow row, DataViewSchema.Column scores, int kept, ReadOnlyMemory<char>[] labels)
    {
        _source = row.GetGetter<VBuffer<float>>(row.Schema[scores.Index]);
        _columnName = scores.Name;
        _labels = labels;
        _indices = new int[kept];
        _scores = new float[kept];
        _top = new OncePerRow(row, Find);
    }

    /// <summary>The getters of the labels, the scores and the indices.</summary>
    public Delegate[] Getters => [(ValueGetter<VBuffer<ReadOnlyMemory<char>>>)GetLabels, (ValueGetter<VBuffer<float>>)GetScores, (ValueGetter<VBuffer<uint>>)GetIndices];

    private void Find()
    {
        _source(ref _buffer);
        if (_buffer.Length != _labels.Length)
            throw new InvalidOperationException($"A row of column '{_columnName}' holds {_buffer.Length} scores, but its type says {_labels.Length}.");
        Numerics.TopK.Compute(DenseValues.Of(_buffer, ref _dense), _indices, _scores);
    }

    private void GetLabels(ref VBuffer<ReadOnlyMemory<char>> destination)
    {
        _top.Ensure();
        var editor = VBufferEditor.Create(ref destination, _indices.Length);
        for (var i = 0; i < _indices.Length; i++) editor.Values[i] = _labels[_indices[i]];
        destination = editor.Commit();
    }

    private void GetScores(ref VBuffer<float> destination)
    {
        _top.Ensure();
        var editor = VBufferEditor.Create(ref destination, _scores.Length);
        _scores.CopyTo(editor.Values);
        destination = editor.Commit();
    }

    private void GetIndices(ref VBuffer<uint> destination)
    {
        _top.Ensure();
        var editor = VBufferEditor.Create(ref destination, _indices.Length);
        for (var i = 0; i < _indices.Length; i++) editor.Values[i] = (uint)_indices[i];
        destination = editor.Commit();
    }
}

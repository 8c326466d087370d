using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Gathers the smallest and the largest value of each slot of a column.</summary>
internal sealed class SlotRanges
{
    private readonly ValueGetter<VBuffer<float>> _getter;
    private readonly float[] _minimum;
    private readonly float[] _maximum;
    private readonly float[] _row;
    private VBuffer<float> _vector;

    public SlotRanges(DataViewRow row, DataViewSchema.Column column)
    {
        _getter = row.GetVectorGetter<float>(column);
        int size = column.Type is VectorDataViewType vector ? vector.Size : 1;
        _row = new float[size];
        _minimum = new float[size];
        _maximum = new float[size];
        Array.Fill(_minimum, float.PositiveInfinity);
        Array.Fill(_maximum, float.NegativeInfinity);
    }

    /// <summary>Takes the row's present value in.</summary>
    public void Add()
    {
        _getter(ref _vector);
        if (_vector.Length != _row.Length)
            throw new InvalidOperationException($"Normalizer expected {_row.Length} slots but got {_vector.Length}");
        _vector.CopyTo(_row);
        for (int slot = 0; slot < _row.Length; slot++)
        {
            // NaN is neither smaller nor larger, and so left out.
            if (_row[slot] > _maximum[slot])
                _maximum[slot] = _row[slot];
            if (_row[slot] < _minimum[slot])
                _minimum[slot] = _row[slot];
        }
    }

    public AffineFunction CreateFunction(bool fixZero)
    {
        var scale = new float[_row.Length];
        var offset = new float[_row.Length];
        for (int slot = 0; slot < scale.Length; slot++)
        {
            // A slot with one value only, or with none, carries nothing and becomes zero.
            if (!(_maximum[slot] > _minimum[slot]))
                continue;
            scale[slot] = 1 / (fixZero
                ? Math.Max(Math.Abs(_maximum[slot]), Math.Abs(_minimum[slot]))
                : _maximum[slot] - _minimum[slot]);
            offset[slot] = fixZero || scale[slot] == 0 ? 0 : _minimum[slot];
        }

        return new AffineFunction(scale, offset);
    }
}

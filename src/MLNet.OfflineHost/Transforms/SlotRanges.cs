using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Gathers the smallest and the largest value of each slot of a column.</summary>
internal abstract class SlotRanges
{
    public static SlotRanges Create(DataViewRow row, DataViewSchema.Column column) =>
        column.Type.GetItemType().RawType == typeof(float) ? new SlotRanges<float>(row, column) : new SlotRanges<double>(row, column);

    /// <summary>Takes the row's present value in.</summary>
    public abstract void Add();

    public abstract AffineFunction CreateFunction(bool fixZero);
}

internal sealed class SlotRanges<T> : SlotRanges
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly DataViewType _type;
    private readonly ValueGetter<VBuffer<T>> _getVector;
    private readonly ValueGetter<T> _getScalar;
    private readonly T[] _minimum;
    private readonly T[] _maximum;
    private VBuffer<T> _vector;

    public SlotRanges(DataViewRow row, DataViewSchema.Column column)
    {
        _type = column.Type;
        int size = 1;
        if (column.Type is VectorDataViewType vector)
        {
            _getVector = row.GetGetter<VBuffer<T>>(column);
            size = vector.Size;
        }
        else
        {
            _getScalar = row.GetGetter<T>(column);
        }

        _minimum = new T[size];
        _maximum = new T[size];
        Array.Fill(_minimum, T.PositiveInfinity);
        Array.Fill(_maximum, T.NegativeInfinity);
    }

    public override void Add()
    {
        if (_getScalar != null)
        {
            T value = default;
            _getScalar(ref value);
            Add(0, value);
            return;
        }

        _getVector(ref _vector);
        if (_vector.Length != _minimum.Length)
            throw new InvalidOperationException($"Normalizer expected {_minimum.Length} slots but got {_vector.Length}");
        for (int slot = 0; _vector.IsDense && slot < _minimum.Length; slot++)
            Add(slot, _vector.GetValues()[slot]);
        if (!_vector.IsDense)
        {
            foreach (var (slot, value) in _vector.Items(all: true))
                Add(slot, value);
        }
    }

    public override AffineFunction CreateFunction(bool fixZero)
    {
        var scale = new T[_minimum.Length];
        var offset = new T[_minimum.Length];
        for (int slot = 0; slot < scale.Length; slot++)
        {
            // A slot with one value only, or with none, carries nothing and becomes zero.
            if (_maximum[slot] > _minimum[slot])
            {
                scale[slot] = T.One / (fixZero
                    ? T.Max(T.Abs(_maximum[slot]), T.Abs(_minimum[slot]))
                    : _maximum[slot] - _minimum[slot]);
                offset[slot] = fixZero || scale[slot] == T.Zero ? T.Zero : _minimum[slot];
            }
        }

        return new AffineFunction<T>(_type, scale, offset.All(T.IsZero) ? null : offset);
    }

    // NaN is neither smaller nor larger, and so left out.
    private void Add(int slot, T value)
    {
        if (value > _maximum[slot])
            _maximum[slot] = value;
        if (value < _minimum[slot])
            _minimum[slot] = value;
    }
}

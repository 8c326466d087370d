using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads a column's value out of a line's fields and keeps it for the getters.</summary>
internal abstract class TextColumnReader
{
    public static TextColumnReader Create<T>(TextColumn column, ParseText<T> parse, bool blanksAreNaN) => new Reader<T>(column, parse, blanksAreNaN);

    public abstract void Read(List<ReadOnlyMemory<char>> fields, long line);

    public abstract Delegate CreateGetter(Action requireRow);

    private sealed class Reader<T>(TextColumn column, ParseText<T> parse, bool blanksAreNaN) : TextColumnReader
    {
        private static readonly ReadOnlyMemory<char> NaN = "NaN".AsMemory();

        private readonly T[] _values = new T[column.Fields.Length];
        private readonly int[] _slots = new int[column.Fields.Length];
        private int _count;

        public override void Read(List<ReadOnlyMemory<char>> fields, long line)
        {
            _count = 0;
            for (var slot = 0; slot < column.Fields.Length; slot++)
            {
                var text = column.Fields[slot] < fields.Count ? fields[column.Fields[slot]] : default;
                if (text.IsEmpty && !blanksAreNaN)
                    continue;
                if (!parse(text.IsEmpty ? NaN : text, out _values[_count]))
                    throw Contracts.Except($"Could not parse value {text} in line {line}, column {column.Name}, slot {slot}: it is no {column.ItemType}.");
                _slots[_count++] = slot;
            }
        }

        public override Delegate CreateGetter(Action requireRow) => column.Type is VectorDataViewType
            ? (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                requireRow();
                var read = new VBuffer<T>(_values.Length, _count, _values, _slots);
                // As sparse as ML.NET makes it: where at most half of the fields hold something.
                if (_count <= _values.Length / 2)
                    read.CopyTo(ref value);
                else
                    read.CopyToDense(ref value);
            })
            : (ValueGetter<T>)((ref T value) =>
            {
                requireRow();
                value = _count == 0 ? default : _values[0];
            });
    }
}

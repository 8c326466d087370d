using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads a column's value out of a line's fields and keeps it for the getters.</summary>
internal abstract class TextColumnReader
{
    /// <summary>Told the slot of each value that could not be read and has become a missing one.</summary>
    public Action<int> BadValue { get; set; }

    public static TextColumnReader Create<T>(TextColumn column, ParseText<T> parse, bool missingRealsAsNaNs)
    {
        var isReal = typeof(T) == typeof(float) || typeof(T) == typeof(double);
        var blank = default(T);
        if (isReal && missingRealsAsNaNs)
            parse("NaN".AsMemory(), out blank);
        return new Reader<T>(column, parse, blank, hasBlank: isReal && missingRealsAsNaNs, hasMissing: isReal || column.ItemType is KeyDataViewType);
    }

    public abstract void Read(List<ReadOnlyMemory<char>> fields, long line);

    public abstract Delegate CreateGetter(Action requireRow);

    private sealed class Reader<T>(TextColumn column, ParseText<T> parse, T blank, bool hasBlank, bool hasMissing) : TextColumnReader
    {
        private readonly T[] _values = new T[column.Fields.Length];
        private readonly int[] _slots = new int[column.Fields.Length];
        private int _count;

        public override void Read(List<ReadOnlyMemory<char>> fields, long line)
        {
            _count = 0;
            for (var slot = 0; slot < column.Fields.Length; slot++)
            {
                var text = column.Fields[slot] < fields.Count ? fields[column.Fields[slot]] : default;
                if (text.IsEmpty && !hasBlank)
                    continue;
                _slots[_count] = slot;
                _values[_count++] = text.IsEmpty ? blank : Parse(text, slot, line);
            }
        }

        public override Delegate CreateGetter(Action requireRow) => column.Type is VectorDataViewType
            ? (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                requireRow();
                Get(ref value);
            })
            : (ValueGetter<T>)((ref T value) =>
            {
                requireRow();
                value = _count == 0 ? default : _values[0];
            });

        private T Parse(ReadOnlyMemory<char> text, int slot, long line)
        {
            if (parse(text, out var value))
                return value;
            if (!hasMissing)
                throw Contracts.Except($"Could not parse value {text} in line {line}, column {column.Name}, slot {slot}: it is no {column.ItemType}.");
            BadValue?.Invoke(slot);
            return value;
        }

        /// <summary>As sparse as ML.NET makes it: where at most half of the fields hold something.</summary>
        private void Get(ref VBuffer<T> value)
        {
            var size = _values.Length;
            if (_count <= size / 2)
            {
                var sparse = VBufferEditor.Create(ref value, size, _count);
                _values.AsSpan(0, _count).CopyTo(sparse.Values);
                _slots.AsSpan(0, _count).CopyTo(sparse.Indices);
                value = sparse.Commit();
                return;
            }
            var dense = VBufferEditor.Create(ref value, size);
            dense.Values.Clear();
            for (var i = 0; i < _count; i++)
                dense.Values[_slots[i]] = _values[i];
            value = dense.Commit();
        }
    }
}

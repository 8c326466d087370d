using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A vector value, dense or sparse (values with ascending indices), that is made to be reused from row to row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Require(count >= 0 && count <= length, nameof(count));
        Require((values?.Length ?? 0) >= count, nameof(values));
        Require(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination) => CopyTo(ref destination, 0, Length);

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Require(sourceIndex >= 0 && sourceIndex <= Length, nameof(sourceIndex));
        Require(length >= 0 && sourceIndex <= Length - length, nameof(length));
        var first = IsDense ? sourceIndex : PhysicalIndex(sourceIndex);
        var count = (IsDense ? sourceIndex + length : PhysicalIndex(sourceIndex + length)) - first;
        var editor = VBufferEditor.Create(ref destination, length, count);
        _values.AsSpan(first, count).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Require(destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination));
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    /// <summary>The explicit values with their indices, or with <paramref name="all"/> also the implied defaults.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (!IsDense && !all)
        {
            for (var i = 0; i < _count; i++)
                yield return new KeyValuePair<int, T>(_indices[i], _values[i]);
            yield break;
        }
        var slot = 0;
        foreach (var value in DenseValues())
            yield return new KeyValuePair<int, T>(slot++, value);
    }

    public IEnumerable<T> DenseValues()
    {
        var physical = 0;
        for (var slot = 0; slot < Length; slot++)
        {
            if (IsDense)
                yield return _values[slot];
            else
                yield return physical < _count && _indices[physical] == slot ? _values[physical++] : default;
        }
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        Require(index >= 0 && index < Length, nameof(index));
        if (IsDense)
            return _values[index];
        var physical = _indices.AsSpan(0, _count).BinarySearch(index);
        return physical >= 0 ? _values[physical] : default;
    }

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> Edit(int newLength, int? valuesCount, int? maxCapacity, bool keepOld, bool requireIndicesOnDense)
    {
        Require(newLength >= 0, "newLogicalLength");
        Require(valuesCount is null or >= 0 && (valuesCount ?? 0) <= newLength, nameof(valuesCount));
        var count = valuesCount ?? newLength;
        var values = _values;
        var indices = _indices;
        var needsIndices = count != newLength || requireIndicesOnDense;
        var newValues = EnsureSize(ref values, count, maxCapacity, keepOld);
        var newIndices = needsIndices && EnsureSize(ref indices, count, maxCapacity, keepOld);
        return new VBufferEditor<T>(newLength, count, values, indices, needsIndices, newValues, newIndices);
    }

    private int PhysicalIndex(int slot)
    {
        var found = _indices.AsSpan(0, _count).BinarySearch(slot);
        return found >= 0 ? found : ~found;
    }

    private static bool EnsureSize<TItem>(ref TItem[] array, int size, int? maxCapacity, bool keepOld)
    {
        var current = array?.Length ?? 0;
        if (array != null && current >= size)
            return false;
        // Doubling keeps a growing row's total work linear; a capacity below the need is not honoured.
        var capacity = (int)Math.Max(size, Math.Min(Math.Min(2L * current, maxCapacity ?? Array.MaxLength), Array.MaxLength));
        var grown = capacity == 0 ? [] : new TItem[capacity];
        if (keepOld && current > 0)
            array.CopyTo(grown, 0);
        array = grown;
        return true;
    }

    private static void Require(bool holds, string parameter)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(parameter, $"The vector buffer cannot be used with this '{parameter}'.");
    }
}

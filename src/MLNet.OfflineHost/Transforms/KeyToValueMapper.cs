using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives the value that a key stands for, from the key column's annotation.</summary>
internal sealed partial class KeyToValueMapper : OneToOneMapper
{
    private readonly VectorDataViewType[] _values;

    public KeyToValueMapper(DataViewSchema inputSchema, InputOutputColumnPair[] columns)
        : base(inputSchema, columns)
    {
        _values = Array.ConvertAll(Inputs, ValuesType);
    }

    protected override DataViewSchema.DetachedColumn CreateOutputColumn(int output)
    {
        var input = Inputs[output];
        var itemType = _values[output].ItemType;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(itemType, vector.Dimensions) : itemType;
        return new(Columns[output].OutputColumnName, type, annotations.ToAnnotations());
    }

    protected override Delegate CreateGetter(DataViewRow input, int output)
    {
        var column = Inputs[output];
        Type[] types = [column.Type.GetItemType().RawType, _values[output].ItemType.RawType];
        var method = column.Type is VectorDataViewType ? nameof(VectorGetter) : nameof(ScalarGetter);
        return (Delegate)GenericMethod.Call(typeof(KeyToValueMapper), method, types, null, input, column);
    }

    private static VectorDataViewType ValuesType(DataViewSchema.Column input)
    {
        if (input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is not VectorDataViewType values)
            throw Contracts.Except($"Metadata KeyValues does not exist for column '{input.Name}'");
        if (input.Type.GetItemType() is not KeyDataViewType key || key.Count != (ulong)values.Size)
            throw Contracts.Except($"KeyValues metadata size does not match column type key count for column '{input.Name}' of type {input.Type}");
        return values;
    }

    private static ValueGetter<TValue> ScalarGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column column)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        var values = ReadValues<TValue>(column);
        var getKey = row.GetGetter<TKey>(column);
        TKey key = default;
        return (ref TValue value) =>
        {
            getKey(ref key);
            value = ValueOf(values, key);
        };
    }

    private static ValueGetter<VBuffer<TValue>> VectorGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column column)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        var values = ReadValues<TValue>(column);
        var getKeys = row.GetGetter<VBuffer<TKey>>(column);
        VBuffer<TKey> keys = default;
        return (ref VBuffer<TValue> result) =>
        {
            getKeys(ref keys);
            var editor = VBufferEditor.Create(ref result, keys.Length);
            if (!keys.IsDense)
                editor.Values.Fill(Missing.Value<TValue>());
            var indices = keys.GetIndices();
            var present = keys.GetValues();
            for (int index = 0; index < present.Length; index++)
                editor.Values[indices.IsEmpty ? index : indices[index]] = ValueOf(values, present[index]);
            result = editor.Commit();
        };
    }

    private static TValue[] ReadValues<TValue>(DataViewSchema.Column column)
    {
        VBuffer<TValue> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    private static TValue ValueOf<TKey, TValue>(TValue[] values, TKey key)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        ulong number = ulong.CreateTruncating(key);
        return number > 0 && number <= (ulong)values.Length ? values[number - 1] : Missing.Value<TValue>();
    }
}

using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Lays scalars and vectors of one item type end to end.</summary>
internal sealed partial class ConcatenatingMapper : RowMapper
{
    private readonly DataViewSchema.Column[][] _inputs;

    public ConcatenatingMapper(DataViewSchema inputSchema, ConcatenatedColumn[] columns)
        : base(inputSchema)
    {
        Columns = columns;
        _inputs = [.. columns.Select(column => column.Sources.Select(source => inputSchema.GetColumnOrNull(source)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source)).ToArray())];
        foreach (var inputs in _inputs)
        {
            var itemType = inputs[0].Type.GetItemType();
            foreach (var input in inputs)
            {
                if (!input.Type.GetItemType().Equals(itemType))
                    throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, itemType.ToString(), input.Type.ToString());
            }
        }
    }

    public ConcatenatedColumn[] Columns { get; }

    public override IEnumerable<int> InputsOf(int output) => _inputs[output].Select(input => input.Index);

    protected override DataViewSchema.DetachedColumn[] CreateOutputColumns() =>
        [.. Columns.Select((column, output) => CreateOutputColumn(column.Name, _inputs[output]))];

    protected override Delegate CreateGetter(DataViewRow input, int output)
    {
        var inputs = _inputs[output];
        return IsIdentity(inputs)
            ? input.GetGetter(inputs[0])
            : (Delegate)GenericMethod.Call(typeof(ConcatenatingMapper), nameof(Concatenate), [inputs[0].Type.GetItemType().RawType], null, input, inputs);
    }

    private static bool IsIdentity(DataViewSchema.Column[] inputs) => inputs.Length == 1 && inputs[0].Type is VectorDataViewType;

    private static int SizeOf(DataViewSchema.Column column) => column.Type is VectorDataViewType vector ? vector.Size : 1;

    private static DataViewSchema.DetachedColumn CreateOutputColumn(string name, DataViewSchema.Column[] inputs)
    {
        if (IsIdentity(inputs))
            return new DataViewSchema.DetachedColumn(name, inputs[0].Type, inputs[0].Annotations);
        var itemType = (PrimitiveDataViewType)inputs[0].Type.GetItemType();
        int size = inputs.Any(input => SizeOf(input) == 0) ? 0 : inputs.Sum(SizeOf);
        var annotations = new DataViewSchema.Annotations.Builder();
        if (itemType is NumberDataViewType && inputs.All(input => input.IsNormalized()))
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        if (size > 0 && inputs.Any(input => input.Type is not VectorDataViewType || input.HasSlotNames()))
        {
            annotations.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size),
                (ref VBuffer<ReadOnlyMemory<char>> names) => names = new(size, [.. inputs.SelectMany(SlotNames)]));
        }

        return new DataViewSchema.DetachedColumn(name, new VectorDataViewType(itemType, size), annotations.ToAnnotations());
    }

    private static IEnumerable<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column input)
    {
        if (input.Type is not VectorDataViewType vector)
            return [input.Name.AsMemory()];
        if (!input.HasSlotNames())
            return Enumerable.Repeat(ReadOnlyMemory<char>.Empty, vector.Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        input.GetSlotNames(ref names);
        return names.DenseValues().Select(slot => slot.IsEmpty ? slot : $"{input.Name}.{slot}".AsMemory());
    }

    private static ValueGetter<VBuffer<T>> Concatenate<T>(DataViewRow row, DataViewSchema.Column[] inputs)
    {
        var buffers = new VBuffer<T>[inputs.Length];
        var getters = Array.ConvertAll(inputs, row.GetVectorGetter<T>);
        return (ref VBuffer<T> result) =>
        {
            int length = 0;
            for (int index = 0; index < buffers.Length; index++)
            {
                getters[index](ref buffers[index]);
                length += buffers[index].Length;
            }

            var editor = VBufferEditor.Create(ref result, length);
            int start = 0;
            foreach (ref readonly var buffer in buffers.AsSpan())
            {
                buffer.CopyTo(editor.Values, start);
                start += buffer.Length;
            }

            result = editor.Commit();
        };
    }
}

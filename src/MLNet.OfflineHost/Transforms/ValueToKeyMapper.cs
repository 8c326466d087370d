using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives the key of each value, and keeps the values as the key column's annotation.</summary>
internal sealed partial class ValueToKeyMapper : OneToOneMapper
{
    private readonly TermMap[] _maps;
    private readonly bool[] _keyValuesAsText;

    public ValueToKeyMapper(DataViewSchema inputSchema, InputOutputColumnPair[] columns, TermMap[] maps, bool[] keyValuesAsText)
        : base(inputSchema, columns)
    {
        _maps = maps;
        _keyValuesAsText = keyValuesAsText;
        foreach (var (map, input) in maps.Zip(Inputs))
        {
            ValueToKeyMappingTransformer.CheckInput(inputSchema, input.Name);
            if (!input.Type.GetItemType().Equals(map.ItemType))
            {
                throw Contracts.Except($"Could not apply a map over type '{map.ItemType}' to column '{input.Name}' " +
                    $"since it has type '{input.Type.GetItemType()}'");
            }
        }
    }

    protected override DataViewSchema.DetachedColumn CreateOutputColumn(int output)
    {
        var input = Inputs[output];
        var map = _maps[output];
        var annotations = new DataViewSchema.Annotations.Builder();
        map.AddKeyValues(annotations, input, _keyValuesAsText[output]);
        annotations.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(map.OutputType, vector.Dimensions) : map.OutputType;
        return new(Columns[output].OutputColumnName, type, annotations.ToAnnotations());
    }

    protected override Delegate CreateGetter(DataViewRow input, int output) => _maps[output].CreateGetter(input, Inputs[output]);
}

using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Transforms;

internal sealed partial class KeyToValueMapper : ISaveAsOnnx
{
    public bool CanSaveOnnx(OnnxContext ctx) => true;

    public void SaveAsOnnx(OnnxContext ctx)
    {
        foreach (var (output, column) in Columns.Index())
        {
            if (!ctx.ContainsColumn(column.InputColumnName))
                continue;
            var source = ctx.GetVariableName(column.InputColumnName);
            var result = ctx.AddIntermediateVariable(OutputColumns[output].Type, column.OutputColumnName);
            Save(ctx, output, source, result);
        }
    }

    private void Save(OnnxContext ctx, int output, string source, string result)
    {
        int count = (int)ctx.RetrieveShapeOrNull(source)[1];
        var itemType = _values[output].ItemType;
        var keys = ctx.AddIntermediateVariable(new VectorDataViewType(NumberDataViewType.Int64, count), "CastNodeOutput");
        ctx.CreateNode("Cast", source, keys, ctx.GetNodeName("Cast"), "").AddAttribute("to", typeof(long));
        var map = (TermMap)GenericMethod.Call(typeof(KeyToValueMapper), nameof(MapOf), [itemType.RawType], null, Inputs[output], itemType);
        // The encoder gives texts and single floats; what is neither is cast from one of them.
        bool asFloat = itemType.RawType == typeof(float) || itemType.RawType == typeof(double) || itemType is BooleanDataViewType;
        PrimitiveDataViewType encoded = asFloat ? NumberDataViewType.Single : TextDataViewType.Instance;
        var values = encoded.Equals(itemType) ? result : ctx.AddIntermediateVariable(new VectorDataViewType(encoded, count), "CastNodeOutput");
        var node = ctx.CreateNode("LabelEncoder", keys, values, ctx.GetNodeName("LabelEncoder"));
        node.AddAttribute("keys_int64s", Enumerable.Range(1, map.Count).Select(key => (long)key));
        if (asFloat)
            node.AddAttribute("values_floats", map.Numbers());
        else
            node.AddAttribute("values_strings", map.Texts());
        if (values != result)
            ctx.CreateNode("Cast", values, result, ctx.GetNodeName("Cast"), "").AddAttribute("to", itemType.RawType);
    }

    private static TermMap MapOf<TValue>(DataViewSchema.Column column, PrimitiveDataViewType itemType) => new TermMap<TValue>(itemType, ReadValues<TValue>(column));
}

using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Transforms;

internal sealed partial class ValueToKeyMapper : ISaveAsOnnx
{
    public bool CanSaveOnnx(OnnxContext ctx) => true;

    public void SaveAsOnnx(OnnxContext ctx)
    {
        foreach (var (output, column) in Columns.Index())
        {
            if (!ctx.ContainsColumn(column.InputColumnName))
            {
                ctx.RemoveColumn(column.OutputColumnName);
                continue;
            }

            var source = ctx.GetVariableName(column.InputColumnName);
            var result = ctx.AddIntermediateVariable(OutputColumns[output].Type, column.OutputColumnName);
            if (!Save(ctx, output, source, result))
                ctx.RemoveColumn(column.OutputColumnName, removeVariable: true);
        }
    }

    private bool Save(OnnxContext ctx, int output, string source, string result)
    {
        var map = _maps[output];
        int count = OnnxTypes.ValueCount(OutputColumns[output].Type);
        var keys = ctx.AddIntermediateVariable(new VectorDataViewType(NumberDataViewType.Int64, count), "LabelEncoderOutput");
        // The encoder knows texts and single floats; fractions and flags are cast to the latter, whole numbers to text.
        bool asFloat = map.ItemType.RawType == typeof(float) || map.ItemType.RawType == typeof(double) || map.ItemType is BooleanDataViewType;
        if (!asFloat && map.ItemType is KeyDataViewType || map.ItemType.RawType == typeof(byte) || map.ItemType.RawType == typeof(sbyte))
            return false;
        if (map.ItemType.RawType != typeof(float) && map.ItemType is not TextDataViewType)
        {
            PrimitiveDataViewType castType = asFloat ? NumberDataViewType.Single : TextDataViewType.Instance;
            var cast = ctx.AddIntermediateVariable(new VectorDataViewType(castType, count), "castOutput");
            ctx.CreateNode("Cast", source, cast, ctx.GetNodeName("Cast"), "").AddAttribute("to", castType.RawType);
            source = cast;
        }

        var node = ctx.CreateNode("LabelEncoder", source, keys, ctx.GetNodeName("LabelEncoder"));
        if (asFloat)
            node.AddAttribute("keys_floats", map.Numbers());
        else
            node.AddAttribute("keys_strings", map.Texts());
        node.AddAttribute("default_int64", 0);
        node.AddAttribute("default_string", "0");
        node.AddAttribute("default_float", 0f);
        node.AddAttribute("values_int64s", Enumerable.Range(1, map.Count).Select(key => (long)key));
        ctx.CreateNode("Cast", keys, result, ctx.GetNodeName("Cast"), "").AddAttribute("to", typeof(uint));
        return true;
    }
}

using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Data;

internal sealed partial class ConcatenatingMapper : ISaveAsOnnx
{
    public bool CanSaveOnnx(OnnxContext ctx) => true;

    public void SaveAsOnnx(OnnxContext ctx)
    {
        foreach (var (output, column) in Columns.Index())
        {
            var type = (VectorDataViewType)OutputColumns[output].Type;
            if (!type.IsKnownSize || type.ItemType is not NumberDataViewType || column.Sources.Any(source => !ctx.ContainsColumn(source)))
                ctx.RemoveColumn(column.Name);
            else
                Save(ctx, output, type);
        }
    }

    private void Save(OnnxContext ctx, int output, VectorDataViewType type)
    {
        var inputs = _inputs[output];
        var joined = ctx.AddIntermediateVariable(new VectorDataViewType(NumberDataViewType.Single, type.Size), "VectorFeaturizerOutput");
        var node = ctx.CreateNode("FeatureVectorizer", inputs.Select(input => ctx.GetVariableName(input.Name)), [joined], ctx.GetNodeName("FeatureVectorizer"));
        node.AddAttribute("inputdimensions", inputs.Select(input => (long)OnnxTypes.ValueCount(input.Type)));
        var result = ctx.AddIntermediateVariable(new VectorDataViewType(type.ItemType, type.Size), Columns[output].Name);
        ctx.CreateNode("Cast", joined, result, ctx.GetNodeName("Cast"), "").AddAttribute("to", type.ItemType.RawType);
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var wanted = Transformer.InputDefinition ?? SchemaDefinition.Create(typeof(TSrc));
        foreach (var member in SchemaShape.Create(MemberColumn.SchemaOf(MemberColumn.Of(typeof(TSrc), wanted))))
        {
            var input = inputSchema.Find(member.Name);
            bool fits = member.ItemType.Equals(input.ItemType) && member.IsKey == input.IsKey
                && (member.Kind == input.Kind || (member.Kind == VectorKind.VariableVector && input.Kind == VectorKind.Vector));
            if (!fits)
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", member.Name, member.GetTypeString(), input.GetTypeString());
        }

        return inputSchema.With(SchemaShape.Create(new InputRow<TDst>(Transformer.OutputDefinition).Schema));
    }
}

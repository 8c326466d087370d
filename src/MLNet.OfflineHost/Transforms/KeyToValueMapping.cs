using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using static Microsoft.ML.SchemaShape.Column;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel),
    "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(InputOutputColumnPair column)
        : base(new KeyToValueMappingTransformer(column))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Find(Transformer.Columns[0].InputColumnName);
        if (!input.IsKey)
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "key type", input.GetTypeString());
        if (!input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Input column '{input.Name}' doesn't contain key values metadata");
        var annotations = input.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames);
        return inputSchema.With(new SchemaShape.Column(
            Transformer.Columns[0].OutputColumnName, input.Kind, values.ItemType, values.IsKey, new SchemaShape(annotations)));
    }
}

public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";
    private static readonly VersionInfo Version = VersionInfo.OfHost("KEY2VALT", 0x00010001, LoaderSignature);

    internal KeyToValueMappingTransformer(params InputOutputColumnPair[] columns)
        : base(columns)
    {
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new KeyToValueMapper(inputSchema, Columns);

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new KeyToValueMappingTransformer(LoadColumns(ctx));
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnCopyingTransformer), typeof(ColumnCopyingTransformer), null, typeof(SignatureLoadModel),
    "Copy Columns Transform", ColumnCopyingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(InputOutputColumnPair column)
        : base(new ColumnCopyingTransformer(column))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Find(Transformer.Columns[0].InputColumnName);
        return inputSchema.With(
            new SchemaShape.Column(Transformer.Columns[0].OutputColumnName, input.Kind, input.ItemType, input.IsKey, input.Annotations));
    }
}

public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";
    private static readonly VersionInfo Version = VersionInfo.OfHost("COPYCOLT", 0x00010001, LoaderSignature);

    internal ColumnCopyingTransformer(params InputOutputColumnPair[] columns)
        : base(columns)
    {
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, Columns);

    private static ColumnCopyingTransformer Create(Runtime.IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ColumnCopyingTransformer(LoadColumns(ctx));
    }

    private sealed class Mapper(DataViewSchema inputSchema, InputOutputColumnPair[] columns) : OneToOneMapper(inputSchema, columns), ISaveAsOnnx
    {
        public bool CanSaveOnnx(OnnxContext ctx) => true;

        public void SaveAsOnnx(OnnxContext ctx)
        {
            foreach (var (output, column) in Columns.Index().Where(pair => ctx.ContainsColumn(pair.Item.InputColumnName)))
            {
                var source = ctx.GetVariableName(column.InputColumnName);
                ctx.CreateNode("Identity", source, ctx.AddIntermediateVariable(Inputs[output].Type, column.OutputColumnName), ctx.GetNodeName("Identity"), "");
            }
        }

        protected override DataViewSchema.DetachedColumn CreateOutputColumn(int output) =>
            new(Columns[output].OutputColumnName, Inputs[output].Type, Inputs[output].Annotations);

        protected override Delegate CreateGetter(DataViewRow input, int output) => input.GetGetter(Inputs[output]);
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(NormalizingTransformer), typeof(NormalizingTransformer), null, typeof(SignatureLoadModel),
    "", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";
    private static readonly VersionInfo Version = VersionInfo.OfHost("NORMALZR", 0x00010002, LoaderSignature);
    private readonly AffineFunction[] _functions;
    private readonly DataViewType[] _types;

    internal NormalizingTransformer(InputOutputColumnPair[] columns, DataViewType[] types, AffineFunction[] functions)
        : base(columns)
    {
        _types = types;
        _functions = functions;
    }

    internal static void CheckInput(DataViewSchema.Column input)
    {
        const string Expected = "scalar or known-size vector of Single";
        if (input.Type is VectorDataViewType { IsKnownSize: false })
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, Expected, "variable-size vector");
        if (!input.Type.GetItemType().Equals(NumberDataViewType.Single))
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, Expected, input.Type.ToString());
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var (index, function) in _functions.Index())
        {
            NormalizedType.Write(ctx.Writer, _types[index]);
            ctx.SaveSubModel(Directory(index), function.Save);
        }
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, this);

    private static string Directory(int index) => $"Normalizer_{index:000}";

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var columns = LoadColumns(ctx);
        var types = new DataViewType[columns.Length];
        var functions = new AffineFunction[columns.Length];
        for (int index = 0; index < functions.Length; index++)
        {
            types[index] = NormalizedType.Read(ctx.Reader);
            int slotCount = types[index] is VectorDataViewType vector ? vector.Size : 1;
            Contracts.CheckDecode(ctx.TryProcessSubModel(Directory(index), part => functions[index] = AffineFunction.Load(part, slotCount)));
        }

        return new NormalizingTransformer(columns, types, functions);
    }

    private sealed class Mapper : OneToOneMapper, ISaveAsOnnx
    {
        private readonly NormalizingTransformer _parent;

        public Mapper(DataViewSchema inputSchema, NormalizingTransformer parent)
            : base(inputSchema, parent.Columns)
        {
            _parent = parent;
            foreach (var input in Inputs)
                CheckInput(input);
        }

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
                var result = ctx.AddIntermediateVariable(_parent._types[output], column.OutputColumnName);
                var node = ctx.CreateNode("Scaler", source, result, ctx.GetNodeName("Scaler"));
                node.AddAttribute("offset", _parent._functions[output].Offset);
                node.AddAttribute("scale", _parent._functions[output].Scale);
            }
        }

        protected override DataViewSchema.DetachedColumn CreateOutputColumn(int output)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            annotations.Add(Inputs[output].Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            return new(Columns[output].OutputColumnName, _parent._types[output], annotations.ToAnnotations());
        }

        protected override Delegate CreateGetter(DataViewRow input, int output) =>
            _parent._functions[output].CreateGetter(input, Inputs[output]);
    }
}

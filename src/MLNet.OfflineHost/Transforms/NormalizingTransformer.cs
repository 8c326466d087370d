using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(NormalizingTransformer), null, typeof(SignatureLoadModel), "", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";
    private const byte SingleKind = 9;
    private const byte DoubleKind = 10;
    private static readonly VersionInfo Version = VersionInfo.OfHost("NORMALZR", 0x00010002, LoaderSignature);
    private readonly AffineFunction[] _functions;

    internal NormalizingTransformer(InputOutputColumnPair[] columns, AffineFunction[] functions)
        : base(columns)
    {
        _functions = functions;
    }

    internal static void CheckInput(DataViewSchema.Column input)
    {
        const string Expected = "scalar or known-size vector of Single";
        if (input.Type is VectorDataViewType { IsKnownSize: false })
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, Expected, "variable-size vector");
        var itemType = input.Type.GetItemType();
        if (!itemType.Equals(NumberDataViewType.Single) && !itemType.Equals(NumberDataViewType.Double))
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, Expected, input.Type.ToString());
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var (index, function) in _functions.Index())
        {
            WriteType(ctx.Writer, function.Type);
            ctx.SaveSubModel(Directory(index), function.Save);
        }
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, this);

    private static string Directory(int index) => $"Normalizer_{index:000}";

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var columns = LoadColumns(ctx);
        var functions = new AffineFunction[columns.Length];
        for (int index = 0; index < functions.Length; index++)
        {
            var type = ReadType(ctx.Reader);
            Contracts.CheckDecode(ctx.TryProcessSubModel(Directory(index), part => functions[index] = AffineFunction.Load(part, type)));
        }

        return new NormalizingTransformer(columns, functions);
    }

    private static void WriteType(BinaryWriter writer, DataViewType type)
    {
        writer.Write(type is VectorDataViewType);
        writer.Write(type.GetItemType().RawType == typeof(float) ? SingleKind : DoubleKind);
        if (type is not VectorDataViewType vector)
            return;
        writer.Write(vector.Dimensions.Length);
        foreach (int dimension in vector.Dimensions)
            writer.Write(dimension);
    }

    private static DataViewType ReadType(BinaryReader reader)
    {
        bool isVector = reader.ReadBoolean();
        byte kind = reader.ReadByte();
        Contracts.CheckDecode(kind is SingleKind or DoubleKind);
        var itemType = kind == SingleKind ? NumberDataViewType.Single : NumberDataViewType.Double;
        if (!isVector)
            return itemType;
        int rank = reader.ReadInt32();
        Contracts.CheckDecode(rank > 0 && rank <= (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(int));
        var dimensions = new int[rank];
        for (int index = 0; index < rank; index++)
            Contracts.CheckDecode((dimensions[index] = reader.ReadInt32()) > 0);
        return new VectorDataViewType(itemType, dimensions);
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
                var result = ctx.AddIntermediateVariable(_parent._functions[output].Type, column.OutputColumnName);
                var node = ctx.CreateNode("Scaler", source, result, ctx.GetNodeName("Scaler"));
                var (offset, scale) = _parent._functions[output].ToSingle();
                node.AddAttribute("offset", offset);
                node.AddAttribute("scale", scale);
            }
        }

        protected override DataViewSchema.DetachedColumn CreateOutputColumn(int output)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            annotations.Add(Inputs[output].Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            return new(Columns[output].OutputColumnName, _parent._functions[output].Type, annotations.ToAnnotations());
        }

        protected override Delegate CreateGetter(DataViewRow input, int output) =>
            _parent._functions[output].CreateGetter(input, Inputs[output]);
    }
}

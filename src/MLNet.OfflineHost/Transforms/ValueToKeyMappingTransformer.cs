using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel),
    "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";
    private const string Vocabulary = "Vocabulary";
    private static readonly VersionInfo Version = VersionInfo.OfHost("TERMTRNF", 0x00010003, LoaderSignature);
    private static readonly VersionInfo VocabularyVersion = VersionInfo.OfHost("TERM MAN", 0x00010002, "TermManager");
    private readonly TermMap[] _maps;
    private readonly bool[] _keyValuesAsText;

    internal ValueToKeyMappingTransformer(InputOutputColumnPair[] columns, TermMap[] maps, bool[] keyValuesAsText)
        : base(columns)
    {
        _maps = maps;
        _keyValuesAsText = keyValuesAsText;
    }

    internal static DataViewSchema.Column CheckInput(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", name);
        if (column.Type.GetItemType() is not (TextDataViewType or NumberDataViewType or BooleanDataViewType or KeyDataViewType))
        {
            throw Contracts.ExceptSchemaMismatch(
                "inputSchema", "input", name, "standard type or a vector of standard type", column.Type.ToString());
        }

        return column;
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (bool asText in _keyValuesAsText)
            ctx.Writer.Write(asText);
        ctx.SaveSubModel(Vocabulary, part =>
        {
            part.SetVersionInfo(VocabularyVersion);
            part.Writer.Write(_maps.Length);
            foreach (var map in _maps)
                map.Save(part);
        });
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) =>
        new ValueToKeyMapper(inputSchema, Columns, _maps, _keyValuesAsText);

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var columns = LoadColumns(ctx);
        var asText = Array.ConvertAll(columns, _ => ctx.Reader.ReadBoolean());
        var maps = new TermMap[columns.Length];
        Contracts.CheckDecode(ctx.TryProcessSubModel(Vocabulary, part =>
        {
            part.CheckAtModel(VocabularyVersion);
            Contracts.CheckDecode(part.Reader.ReadInt32() == maps.Length);
            for (int index = 0; index < maps.Length; index++)
                maps[index] = TermMap.Load(part);
        }));
        return new ValueToKeyMappingTransformer(columns, maps, asText);
    }
}

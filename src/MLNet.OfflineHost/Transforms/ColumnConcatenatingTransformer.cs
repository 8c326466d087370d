using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel),
    "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";
    private static readonly VersionInfo Version = VersionInfo.OfHost("CONCAT F", 0x00010003, LoaderSignature);
    private readonly ConcatenatedColumn[] _columns;

    internal ColumnConcatenatingTransformer(params ConcatenatedColumn[] columns)
    {
        _columns = columns;
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
        {
            ctx.SaveNonEmptyString(column.Name);
            ctx.Writer.Write(column.Sources.Length);
            foreach (var source in column.Sources)
            {
                ctx.SaveNonEmptyString(source);
                ctx.SaveStringOrNull(null);
            }
        }
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new ConcatenatingMapper(inputSchema, _columns);

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ColumnConcatenatingTransformer(ReadArray(ctx, () =>
        {
            var name = ctx.LoadNonEmptyString();
            return new ConcatenatedColumn(name, ReadArray(ctx, () =>
            {
                var source = ctx.LoadNonEmptyString();
                // An alias for slot names, which only ML.NET's command line could give.
                ctx.LoadStringOrNull();
                return source;
            }));
        }));
    }

    private static T[] ReadArray<T>(ModelLoadContext ctx, Func<T> read)
    {
        int count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count > 0 && count <= ctx.Header.CbModel / (2 * sizeof(int)));
        var items = new T[count];
        for (int index = 0; index < count; index++)
            items[index] = read();
        return items;
    }
}

internal sealed record ConcatenatedColumn(string Name, string[] Sources);

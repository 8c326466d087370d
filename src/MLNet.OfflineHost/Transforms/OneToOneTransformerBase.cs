using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer each of whose added columns is computed from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(params InputOutputColumnPair[] columns)
    {
        foreach (var (index, column) in columns.Index())
        {
            if (columns[..index].Any(earlier => earlier.OutputColumnName == column.OutputColumnName))
                throw new ArgumentOutOfRangeException(nameof(columns), $"Name of the result column '{column.OutputColumnName}' specified multiple times");
        }

        Columns = columns;
    }

    internal InputOutputColumnPair[] Columns { get; }

    /// <summary>Reads the names that <see cref="SaveColumns"/> wrote.</summary>
    private protected static InputOutputColumnPair[] LoadColumns(ModelLoadContext ctx)
    {
        int count = ctx.Reader.ReadInt32();
        // Each column has at least its two names in what follows.
        Contracts.CheckDecode(count > 0 && count <= ctx.Header.CbModel / (2 * sizeof(int)));
        var columns = new InputOutputColumnPair[count];
        for (int index = 0; index < count; index++)
            columns[index] = new InputOutputColumnPair(ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        return columns;
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(Columns.Length);
        foreach (var column in Columns)
        {
            ctx.SaveNonEmptyString(column.OutputColumnName);
            ctx.SaveNonEmptyString(column.InputColumnName);
        }
    }
}

/// <summary>The mapper of such a transformer: finds and checks its input columns.</summary>
internal abstract class OneToOneMapper : RowMapper
{
    protected OneToOneMapper(DataViewSchema inputSchema, InputOutputColumnPair[] columns)
        : base(inputSchema)
    {
        Columns = columns;
        Inputs = [.. columns.Select(column => inputSchema.GetColumnOrNull(column.InputColumnName)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName))];
    }

    public InputOutputColumnPair[] Columns { get; }

    protected DataViewSchema.Column[] Inputs { get; }

    public override IEnumerable<int> InputsOf(int output) => [Inputs[output].Index];

    protected sealed override DataViewSchema.DetachedColumn[] CreateOutputColumns() =>
        [.. Enumerable.Range(0, Columns.Length).Select(CreateOutputColumn)];

    protected abstract DataViewSchema.DetachedColumn CreateOutputColumn(int output);
}

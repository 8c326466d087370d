namespace Microsoft.ML.Data;

/// <summary>How a transformer's added columns are computed from the columns of one input schema.</summary>
internal abstract class RowMapper(DataViewSchema inputSchema)
{
    private DataViewSchema.DetachedColumn[] _outputColumns;

    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema.DetachedColumn[] OutputColumns => _outputColumns ??= CreateOutputColumns();

    /// <summary>The indices of the input columns that an added column is computed from.</summary>
    public abstract IEnumerable<int> InputsOf(int output);

    /// <summary>The getters of the active added columns, and null for the others.</summary>
    public virtual Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive) =>
        [.. Enumerable.Range(0, OutputColumns.Length).Select(output => isActive(output) ? CreateGetter(input, output) : null)];

    protected abstract DataViewSchema.DetachedColumn[] CreateOutputColumns();

    protected abstract Delegate CreateGetter(DataViewRow input, int output);
}

namespace MLNet.Softmax.Pipeline;

/// <summary>
/// A transformer bound to one input schema: which columns it adds, which it reads to compute them, and how to compute them for a row.
/// </summary>
/// <param name="inputSchema">The schema of the incoming rows.</param>
/// <param name="reads">The incoming columns that any of the added columns is computed from.</param>
/// <param name="adds">The added columns.</param>
/// <param name="createGetters">
/// Makes, for one row or cursor over the incoming columns, the <see cref="ValueGetter{TValue}"/> of each added column, in their order.
/// Buffers belong to the getters, so that cursors are independent of each other and nothing is allocated per row.
/// </param>
internal sealed class RowMapping(
    DataViewSchema inputSchema,
    IReadOnlyList<DataViewSchema.Column> reads,
    IReadOnlyList<DataViewSchema.DetachedColumn> adds,
    Func<DataViewRow, Delegate[]> createGetters)
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = Extend(inputSchema, adds);

    public int AddedCount => adds.Count;

    public Delegate[] CreateGetters(DataViewRow input) => createGetters(input);

    /// <summary>The incoming columns that the <paramref name="requested"/> output columns are computed from.</summary>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> requested)
    {
        var needed = new SortedSet<int>();
        foreach (var column in requested)
        {
            if (column.Index < inputSchema.Count) needed.Add(column.Index);
            else needed.UnionWith(reads.Select(read => read.Index));
        }

        return needed.Select(index => inputSchema[index]);
    }

    private static DataViewSchema Extend(DataViewSchema inputSchema, IEnumerable<DataViewSchema.DetachedColumn> adds)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(adds);
        return builder.ToSchema();
    }
}

/// <summary>What a getter belongs to, if it keeps the values of a row: a step that reads them needs no copy.</summary>
internal interface IKeepsValues
{
    /// <summary>The values of the row where it is now, until it moves.</summary>
    ReadOnlySpan<float> Values();
}

/// <summary>Reads a buffer as consecutive values, dense or sparse.</summary>
internal static class DenseValues
{
    /// <summary>
    /// The values of <paramref name="buffer"/>: not copied if it is dense, else copied to <paramref name="scratch"/>, which grows if
    /// necessary.
    /// </summary>
    public static ReadOnlySpan<T> Of<T>(in VBuffer<T> buffer, ref T[] scratch)
    {
        if (buffer.IsDense) return buffer.GetValues();
        if (scratch.Length < buffer.Length) scratch = new T[buffer.Length];
        var values = scratch.AsSpan(0, buffer.Length);
        buffer.CopyTo(values);
        return values;
    }
}

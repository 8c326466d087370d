namespace MLNet.Softmax.Pipeline;

/// <summary>
/// The base of this library's transformers. It adds columns to each row, computed from that row alone, and only when they are read.
/// </summary>
/// <remarks>
/// A transformer is immutable and may be used from any number of threads. Each cursor and each prediction engine has its own buffers.
/// </remarks>
public abstract class RowToRowTransformer : ITransformer
{
    private protected RowToRowTransformer()
    {
    }

    /// <summary>Always <see langword="true"/>: rows are computed one by one, so the transformer can serve a prediction engine.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The schema that <see cref="Transform"/> gives for data of the schema <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The schema of the data to transform.</param>
    /// <returns>The columns of <paramref name="inputSchema"/>, followed by the added ones.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => BindChecked(inputSchema).OutputSchema;

    /// <summary>Adds the columns to <paramref name="input"/>. Lazy: nothing is computed until a cursor reads an added column.</summary>
    /// <param name="input">The data to transform.</param>
    /// <returns>A view of the data with the added columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(this, BindChecked(input.Schema), input);
    }

    /// <summary>The row-by-row form of <see cref="Transform"/>, which prediction engines use.</summary>
    /// <param name="inputSchema">The schema of the rows to transform.</param>
    /// <returns>A mapper from rows of <paramref name="inputSchema"/> to rows with the added columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(BindChecked(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ModelWriter.Begin(ctx, GetType()));

    /// <summary>Adds what the transformer computes from rows of <paramref name="inputSchema"/> to an ONNX graph.</summary>
    /// <exception cref="NotSupportedException">It cannot be expressed in ONNX.</exception>
    internal virtual void Export(OnnxGraph graph, DataViewSchema inputSchema) => throw new NotSupportedException(
        $"{GetType().Name} cannot be exported to ONNX. Export the model without this step, and apply the step to the exported model's "
        + "output.");

    /// <summary>Checks the input columns against <paramref name="inputSchema"/> and describes the columns to add.</summary>
    private protected abstract RowMapping Bind(DataViewSchema inputSchema);

    /// <summary>Writes what <see cref="ILoadableTransformer{TSelf}.Load"/> reads.</summary>
    private protected abstract void Save(ModelWriter writer);

    private RowMapping BindChecked(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }
}

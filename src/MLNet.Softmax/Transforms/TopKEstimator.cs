namespace MLNet.Softmax.Transforms;

/// <summary>
/// Fits a <see cref="TopKTransformer"/>: adds the k highest class scores with the names and the indices of their classes.
/// </summary>
public sealed class TopKEstimator : IEstimator<TopKTransformer>
{
    private readonly TopKTransformer _transformer;

    internal TopKEstimator(string outputColumnPrefix, string? inputColumnName, int k, IReadOnlyList<string>? classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnPrefix);
        SchemaChecks.ThrowIfEmptyName(inputColumnName);
        _transformer = new TopKTransformer(outputColumnPrefix, inputColumnName ?? outputColumnPrefix, k, classNames?.ToArray());
    }

    /// <summary>Checks the schema of <paramref name="input"/>; the rows are not read.</summary>
    /// <param name="input">The data whose schema to check.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, or is not a vector of <see cref="float"/> of known size with one row of scores.
    /// </exception>
    public TopKTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the three columns added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing or is not a vector of <see cref="float"/> of known size.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireClassScores(_transformer.InputColumnName);
        return inputSchema.With(
            SchemaShapes.Vector(_transformer.LabelsColumnName, TextDataViewType.Instance),
            SchemaShapes.Vector(_transformer.ScoresColumnName, NumberDataViewType.Single),
            SchemaShapes.Vector(_transformer.IndicesColumnName, NumberDataViewType.UInt32));
    }
}

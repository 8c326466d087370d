namespace MLNet.Softmax.Transforms;

/// <summary>Fits a <see cref="DecideTransformer"/>: adds the class that is chosen from a column of probabilities.</summary>
public sealed class DecideEstimator : IEstimator<DecideTransformer>
{
    private readonly DecisionSettings _settings;

    internal DecideEstimator(DecisionOptions options) => _settings = DecisionSettings.Of(options);

    /// <summary>Finds the classes and checks up to 64 rows of <paramref name="input"/>: they must hold probabilities, or NaN.</summary>
    /// <param name="input">The data to inspect.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing or is not a vector of <see cref="float"/> of known size, a class is not among its classes, or the costs
    /// are for a different number of classes.
    /// </exception>
    /// <exception cref="InvalidOperationException">The column holds no probabilities.</exception>
    public DecideTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (column, classCount) = input.Schema.RequireClassScores(_settings.Input);
        var settings = _settings.Resolve(column, classCount);
        RequireProbabilities(input, column);
        return new DecideTransformer(settings, null);
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the key column, and the "IsSure" column if requested.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing or is not a vector of <see cref="float"/> of known size.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return With(inputSchema, inputSchema.RequireClassScores(_settings.Input), _settings);
    }

    internal static SchemaShape With(SchemaShape shape, SchemaShape.Column probabilities, DecisionSettings settings)
    {
        var key = new SchemaShape.Column(
            settings.Output, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
            ScoreAnnotations.KeyShapeOf(probabilities));
        var isSure = SchemaShapes.Scalar(settings.Output + DecideTransformer.IsSureSuffix, BooleanDataViewType.Instance);
        return settings.AddIsSure ? shape.With(key, isSure) : shape.With(key);
    }

    internal static void RequireProbabilities(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        float[] dense = [];
        for (var row = 0; row < ScoreKindDetection.MaximumRows && cursor.MoveNext(); row++)
        {
            getter(ref buffer);
            var values = DenseValues.Of(buffer, ref dense);
            // Ignore a row of zeros, which may come from an unreadable image.
            if (values.ContainsAnyExcept(0f) && ProbabilityRow.Examine(values)
                is not (ProbabilityRowKind.Probabilities or ProbabilityRowKind.NotFinite))
            {
                throw new InvalidOperationException(NotProbabilities.Refuse(column.Name, values, (ulong)row, "use"));
            }
        }
    }
}

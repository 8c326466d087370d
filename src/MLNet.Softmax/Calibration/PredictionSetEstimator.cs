namespace MLNet.Softmax.Calibration;

/// <summary>
/// Fits a <see cref="PredictionSetTransformer"/>: adds, for each row, the labels that contain the true one with a given coverage.
/// </summary>
public sealed class PredictionSetEstimator : IEstimator<PredictionSetTransformer>
{
    private const string Name = "Calibrators.PredictionSet";
    private readonly IHostEnvironment _environment;
    private readonly HeldOutColumns _columns;
    private readonly string _predictionSetColumnName;
    private readonly PredictionSetOptions _fitting;

    internal PredictionSetEstimator(IHostEnvironment environment, PredictionSetCalibratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.ProbabilityColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.PredictionSetColumnName);
        SchemaChecks.ThrowIfEmptyName(options.ExampleWeightColumnName);
        ArgumentNullException.ThrowIfNull(options.Fitting);
        // Throws if an option is out of range.
        _ = new ConformityScores(2, options.Fitting);
        (_environment, _predictionSetColumnName, _fitting) = (environment, options.PredictionSetColumnName, options.Fitting);
        _columns = new HeldOutColumns(options.LabelColumnName, options.ProbabilityColumnName, options.ExampleWeightColumnName);
    }

    /// <summary>
    /// Fits the threshold of the sets. Reads the rows once and keeps 8 bytes per row (16 with weights), and 4 more for a coverage per
    /// class.
    /// </summary>
    /// <param name="input">Rows that neither the model nor a calibrator was fitted on, with label and probabilities.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are too few usable rows, in total or of one class, for the coverage; for example, because the column holds logits.
    /// </exception>
    public PredictionSetTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (probabilities, classCount) = input.Schema.RequireClassScores(_columns.Score);
        var scores = new ConformityScores(classCount, _fitting);
        HeldOutRows.Read(input, _columns, probabilities, classCount, scores.Add);
        try
        {
            var names = new Lazy<ReadOnlyMemory<char>[]>(() => ClassLabels.Of(probabilities, classCount));
            var fit = scores.Fit(k => $"class '{names.Value[k]}'");
            using var channel = _environment.Start(Name);
            HeldOutRows.Report(channel, fit.RowsUsed, fit.RowsLeftOut, _columns);
            return new PredictionSetTransformer(_predictionSetColumnName, _columns.Score, classCount, fit);
        }
        catch (InvalidOperationException refusal)
        {
            throw HeldOutRows.Refused(Name, _columns, refusal);
        }
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the two columns added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Require(inputSchema);
        return inputSchema.With(
            new SchemaShape.Column(
                _predictionSetColumnName, SchemaShape.Column.VectorKind.VariableVector, TextDataViewType.Instance, false),
            SchemaShapes.Scalar(_predictionSetColumnName + PredictionSetTransformer.SizeSuffix, NumberDataViewType.Int32));
    }
}

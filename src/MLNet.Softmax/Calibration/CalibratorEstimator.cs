namespace MLNet.Softmax.Calibration;

/// <summary>Fits a calibrator. Fit reads the rows once into a buffer: 4 bytes per score and 6 per row (10 with weights).</summary>
/// <typeparam name="TTransformer">
/// The transformer that Fit returns, such as <see cref="TemperatureCalibratorTransformer"/>. Its <c>Calibration</c> describes the fit.
/// </typeparam>
public sealed class CalibratorEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ScoreTransformer
{
    private readonly IHostEnvironment _environment;
    private readonly string _name;
    private readonly CalibratorColumns _columns;
    private readonly Func<CalibrationRows, CalibratedColumns, IChannel, TTransformer> _calibrate;

    internal CalibratorEstimator(
        IHostEnvironment environment,
        string name,
        CalibratorColumns columns,
        Func<CalibrationRows, CalibratedColumns, IChannel, TTransformer> calibrate) =>
        (_environment, _name, _columns, _calibrate) = (environment, $"Calibrators.{name}", columns, calibrate);

    /// <summary>Fits the calibrator.</summary>
    /// <param name="input">Rows that the model was not trained on, with label, scores and, if their column is named, weights.</param>
    /// <returns>The transformer, with the record of the fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or an option is out of its
    /// range.</exception>
    /// <exception cref="ArgumentException">The class weights do not match the classes.</exception>
    /// <exception cref="InvalidOperationException">
    /// The rows do not determine the fit: they are too few, all of one class, all of equal scores, or perfectly separable. The message says
    /// which, and what to do.
    /// </exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var read = _columns.Read;
        var (scores, classCount) = input.Schema.RequireClassScores(read.Score);
        read.RequireWeight(input.Schema);
        var kind = ScoreKindDetection.Resolve(_columns.Kind, _environment, _name, input, scores);
        var rows = kind == ScoreKind.Probabilities ? CalibrationRows.OfProbabilities(classCount) : CalibrationRows.OfLogits(classCount);
        HeldOutRows.Read(input, read, scores, classCount, rows.Add);

        using var channel = _environment.Start(_name);
        rows.ReplaceMasks();
        HeldOutRows.Report(channel, rows.Count, rows.LeftOut, read, rows.FirstRuledOut);
        try
        {
            return _calibrate(rows, new CalibratedColumns(_columns.Probability, read.Score, kind), channel);
        }
        catch (InvalidOperationException refusal)
        {
            throw HeldOutRows.Refused(_name, read, refusal);
        }
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the probability column added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var scores = _columns.Read.Require(inputSchema);
        return inputSchema.With(
            new SchemaShape.Column(_columns.Probability, scores.Kind, scores.ItemType, false, ScoreAnnotations.ShapeOf(scores)));
    }
}

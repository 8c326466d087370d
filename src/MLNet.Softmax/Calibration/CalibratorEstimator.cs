using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Calibration;

/// <summary>
/// The base of the calibrators. Fit reads the rows once into a buffer of 4 bytes a score and 6 a row, and fits on that.
/// </summary>
/// <typeparam name="TTransformer">The transformer that Fit gives.</typeparam>
public abstract class CalibratorEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ScoreTransformer
{
    private readonly IHostEnvironment _environment;
    private readonly CalibratorOptions _options;

    private protected CalibratorEstimator(IHostEnvironment environment, CalibratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ValidateColumns();
        (_environment, _options) = (environment, options);
    }

    /// <summary>Fits the calibrator.</summary>
    /// <param name="input">Rows that the model was not trained on, with label and scores.</param>
    /// <returns>The transformer, with the record of the fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">The class weights do not match the classes.</exception>
    /// <exception cref="InvalidOperationException">The rows decide nothing: too few, of one class, with all scores equal, perfectly
    /// separable. The message says which, and what to do.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (scores, classCount) = input.Schema.RequireClassScores(_options.ScoreColumnName);
        var kind = ScoreKindDetection.Resolve(_options.ScoreKind, _environment, GetType().Name, input, scores);
        var rows = new CalibrationRows(classCount, kind == ScoreKind.Probabilities ? RowScores.Probabilities : RowScores.Logits);
        HeldOutRows.Read(input, _options.LabelColumnName, scores, classCount, rows.Add);

        using var channel = _environment.Start(GetType().Name);
        HeldOutRows.Report(channel, rows.Count, rows.LeftOut, _options.LabelColumnName, _options.ScoreColumnName);
        try
        {
            return Calibrate(rows, new CalibratedColumns(_options.ProbabilityColumnName, _options.ScoreColumnName, kind), channel);
        }
        catch (InvalidOperationException refusal)
        {
            throw new InvalidOperationException(
                $"{GetType().Name} cannot be fitted to the columns '{_options.LabelColumnName}' and '{_options.ScoreColumnName}'. {refusal.Message}", refusal);
        }
    }

    /// <summary>The shape of the schema that the transformer will give for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the probability column added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(_options.LabelColumnName);
        var scores = inputSchema.RequireClassScores(_options.ScoreColumnName);
        return inputSchema.With(
            new SchemaShape.Column(_options.ProbabilityColumnName, scores.Kind, scores.ItemType, false, ScoreAnnotations.ShapeOf(scores)));
    }

    private protected abstract TTransformer Calibrate(CalibrationRows rows, CalibratedColumns columns, IChannel channel);
}

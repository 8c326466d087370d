using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Calibration;

/// <summary>Fits a <see cref="PredictionSetTransformer"/>: adds, for each row, the labels that contain the true one with a given coverage.</summary>
public sealed class PredictionSetEstimator : IEstimator<PredictionSetTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly PredictionSetCalibratorOptions _options;

    internal PredictionSetEstimator(IHostEnvironment environment, PredictionSetCalibratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.ProbabilityColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.PredictionSetColumnName);
        _ = new ConformityScores(2, options.ToRule());
        (_environment, _options) = (environment, options);
    }

    /// <summary>Fits the threshold of the sets. Reads the rows once and keeps 8 bytes of each.</summary>
    /// <param name="input">Rows that neither the model nor a calibrator was fitted on, with label and probabilities.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There are too few usable rows for the coverage, as when the column holds logits.</exception>
    public PredictionSetTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (probabilities, classCount) = input.Schema.RequireClassScores(_options.ProbabilityColumnName);
        var scores = new ConformityScores(classCount, _options.ToRule());
        HeldOutRows.Read(input, _options.LabelColumnName, probabilities, classCount, scores.Add);
        try
        {
            var fit = scores.Fit();
            using var channel = _environment.Start(nameof(PredictionSetEstimator));
            HeldOutRows.Report(channel, fit.RowsUsed, fit.RowsLeftOut, _options.LabelColumnName, _options.ProbabilityColumnName);
            return new PredictionSetTransformer(_options.PredictionSetColumnName, _options.ProbabilityColumnName, classCount, fit);
        }
        catch (InvalidOperationException refusal)
        {
            throw new InvalidOperationException(
                $"{nameof(PredictionSetEstimator)} cannot be fitted to the columns '{_options.LabelColumnName}' and "
                + $"'{_options.ProbabilityColumnName}'. {refusal.Message}",
                refusal);
        }
    }

    /// <summary>The shape of the schema that the transformer will give for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the two columns added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(_options.LabelColumnName);
        inputSchema.RequireClassScores(_options.ProbabilityColumnName);
        return inputSchema.With(
            new SchemaShape.Column(_options.PredictionSetColumnName, SchemaShape.Column.VectorKind.VariableVector, TextDataViewType.Instance, false),
            SchemaShapes.Scalar(_options.PredictionSetColumnName + PredictionSetTransformer.SizeSuffix, NumberDataViewType.Int32));
    }
}

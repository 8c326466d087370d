namespace MLNet.Softmax.Transforms;

/// <summary>Fits a <see cref="SoftmaxTransformer"/>: adds softmax(z / T) of a column of scores z.</summary>
public sealed class SoftmaxEstimator : ScoreEstimator<SoftmaxTransformer>
{
    internal SoftmaxEstimator(IHostEnvironment environment, string output, string? input, float temperature, ScoreKind kind)
        : base(environment, output, input, temperature, kind)
    {
    }

    private protected override SoftmaxTransformer Create(string output, string input, float temperature, ScoreKind kind) =>
        new(output, input, temperature, kind);
}

/// <summary>Fits a <see cref="LogSoftmaxTransformer"/>: adds z / T - logsumexp(z / T) of a column of scores z.</summary>
public sealed class LogSoftmaxEstimator : ScoreEstimator<LogSoftmaxTransformer>
{
    internal LogSoftmaxEstimator(IHostEnvironment environment, string output, string? input, float temperature, ScoreKind kind)
        : base(environment, output, input, temperature, kind)
    {
    }

    private protected override LogSoftmaxTransformer Create(string output, string input, float temperature, ScoreKind kind) =>
        new(output, input, temperature, kind);
}

/// <summary>The base class of the estimators that transform class scores without a label.</summary>
/// <typeparam name="TTransformer">The transformer that Fit returns.</typeparam>
public abstract class ScoreEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ScoreTransformer
{
    private readonly IHostEnvironment _environment;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly float _temperature;
    private readonly ScoreKind _scoreKind;

    private protected ScoreEstimator(
        IHostEnvironment environment, string outputColumnName, string? inputColumnName, float temperature, ScoreKind scoreKind)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        SchemaChecks.ThrowIfEmptyName(inputColumnName);
        if (!Enum.IsDefined(scoreKind))
            throw new ArgumentOutOfRangeException(nameof(scoreKind), scoreKind, "The score kind must be Auto, Logits or Probabilities.");
        (_environment, _outputColumnName, _inputColumnName) = (environment, outputColumnName, inputColumnName ?? outputColumnName);
        (_temperature, _scoreKind) = (TemperatureCheck.ThrowIfInvalid(temperature), scoreKind);
    }

    /// <summary>
    /// With <see cref="ScoreKind.Auto"/>, decides from up to 64 rows of <paramref name="input"/> what the scores are; else checks the first
    /// 8.
    /// </summary>
    /// <param name="input">The data to inspect.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or is not a vector of <see cref="float"/>.</exception>
    /// <exception cref="InvalidOperationException">The rows do not show what the scores are, or contradict the score kind.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var scores = input.Schema.RequireScores(_inputColumnName);
        var kind = ScoreKindDetection.Resolve(_scoreKind, _environment, GetType().Name, input, scores);
        return Create(_outputColumnName, _inputColumnName, _temperature, kind);
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the output column added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or is not a vector of <see cref="float"/>.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var scores = inputSchema.RequireScores(_inputColumnName);
        return inputSchema.With(
            new SchemaShape.Column(_outputColumnName, scores.Kind, scores.ItemType, false, ScoreAnnotations.ShapeOf(scores)));
    }

    private protected abstract TTransformer Create(string output, string input, float temperature, ScoreKind kind);
}

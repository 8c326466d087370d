namespace Microsoft.ML;

/// <summary>
/// What this library adds to <see cref="MLContext"/>: the table of contents.
/// </summary>
public static partial class SoftmaxCatalog
{
    /// <summary>Turns class scores into probabilities: softmax(z / T), computed without overflow.</summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The name of the column to add: a vector of <see cref="float"/> of the shape of the input.</param>
    /// <param name="inputColumnName">The name of the column of scores, a vector of <see cref="float"/>; <see langword="null"/> for the same as the output's.</param>
    /// <param name="temperature">What the logits are divided by, finite and positive: above 1 flattens, below 1 sharpens.</param>
    /// <param name="scoreKind">What the scores are. A softmax of probabilities would flatten them, so that <see cref="ScoreKind.Auto"/> looks at the data first.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite and positive.</exception>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <example><code>
    /// var pipeline = trainer.Append(mlContext.Transforms.Softmax("Probability", "Score", temperature: 1.5f));
    /// </code></example>
    public static SoftmaxEstimator Softmax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, float temperature = 1f, ScoreKind scoreKind = ScoreKind.Auto) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, temperature, scoreKind);

    /// <summary>Turns class scores into log-probabilities: z / T - logsumexp(z / T), never computed as log(softmax).</summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The name of the column to add: a vector of <see cref="float"/> of the shape of the input.</param>
    /// <param name="inputColumnName">The name of the column of scores, a vector of <see cref="float"/>; <see langword="null"/> for the same as the output's.</param>
    /// <param name="temperature">What the logits are divided by, finite and positive: above 1 flattens, below 1 sharpens.</param>
    /// <param name="scoreKind">What the scores are.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite and positive.</exception>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <example><code>
    /// var pipeline = trainer.Append(mlContext.Transforms.LogSoftmax("LogProbability", "Score"));
    /// </code></example>
    public static LogSoftmaxEstimator LogSoftmax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, float temperature = 1f, ScoreKind scoreKind = ScoreKind.Auto) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, temperature, scoreKind);

    /// <summary>Keeps the k highest class scores, highest first, with the names and the indices of their classes.</summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnPrefix">
    /// What the names of the three added columns begin with: {prefix}Labels (text), {prefix}Scores (<see cref="float"/>) and {prefix}Indices
    /// (<see cref="uint"/>), vectors of min(k, number of classes).
    /// </param>
    /// <param name="inputColumnName">The name of the column of scores, a vector of <see cref="float"/> of known size; <see langword="null"/> for the prefix.</param>
    /// <param name="k">How many classes to keep, 1 or more.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is less than 1.</exception>
    /// <exception cref="ArgumentException">The prefix or the column name is empty.</exception>
    /// <example><code>
    /// var pipeline = trainer
    ///     .Append(mlContext.Transforms.Softmax("Probability", "Score"))
    ///     .Append(mlContext.Transforms.TopK("Top", "Probability", k: 3)); // TopLabels, TopScores, TopIndices
    /// </code></example>
    public static TopKEstimator TopK(this TransformsCatalog catalog, string outputColumnPrefix, string? inputColumnName = null, int k = 5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnPrefix, inputColumnName, k);
    }
}

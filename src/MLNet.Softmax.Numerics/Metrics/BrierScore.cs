namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The Brier score: the mean over rows of the sum over classes of (probability - [class is the true one])^2. 0 is perfect, 2 the worst.
/// </summary>
/// <remarks>
/// Brier, "Verification of forecasts expressed in terms of probability" (1950): the sum over all classes, so that for two classes it
/// is twice the value of scikit-learn's brier_score_loss.
/// </remarks>
public sealed class BrierScore : IOutcomeAccumulator<BrierScore>
{
    private CompensatedSum _errors;
    private CompensatedSum _weights;
    private MeanError _error;

    /// <summary>The mean over all rows; NaN where no row has weight.</summary>
    public double Mean => _errors.Value / _weights.Value;

    /// <summary>The standard error of <see cref="Mean"/>; NaN for fewer than two rows.</summary>
    public double StandardError => _error.StandardError(Mean, _weights.Value);

    /// <summary>Computes the score of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The mean, from 0 to 2; NaN where no row has weight.</returns>
    public static double Compute(ProbabilityBlock block) => RowOutcomes.Feed(new BrierScore(), block).Mean;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
        {
            _errors.Add(outcome.SquaredError * outcome.Weight);
            _weights.Add(outcome.Weight);
            _error.Add(outcome.SquaredError, outcome.Weight);
        }
    }

    /// <inheritdoc/>
    public void Merge(BrierScore other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _errors.Merge(other._errors);
        _weights.Merge(other._weights);
        _error.Merge(other._error);
    }
}

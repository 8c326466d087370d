namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The Brier score: the mean over rows of the sum over classes of (probability - [class is the true one])^2. 0 is perfect, 2 the worst.
/// </summary>
/// <remarks>
/// Brier, "Verification of forecasts expressed in terms of probability" (1950): the sum over all classes, so that for two classes it
/// is twice the value of scikit-learn's brier_score_loss.
/// </remarks>
public sealed class BrierScore
{
    private CompensatedSum _errors;
    private CompensatedSum _weights;
    private MeanError _error;

    internal BrierScore()
    {
    }

    /// <summary>The mean over all rows, from 0 to 2; NaN if no row has weight.</summary>
    public double Mean => _errors.Value / _weights.Value;

    /// <summary>The standard error of <see cref="Mean"/>; NaN for fewer than two rows.</summary>
    public double StandardError => _error.StandardError(Mean, _weights.Value);

    /// <summary>Computes the score of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The score with its standard error.</returns>
    public static BrierScore Compute(ProbabilityBlock block)
    {
        var score = new BrierScore();
        RowOutcome.Feed(block, score.Add);
        return score;
    }

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
        {
            _errors.Add(outcome.SquaredError * outcome.Weight);
            _weights.Add(outcome.Weight);
            _error.Add(outcome.SquaredError, outcome.Weight);
        }
    }

    internal void Merge(BrierScore other)
    {
        _errors.Merge(other._errors);
        _weights.Merge(other._weights);
        _error.Merge(other._error);
    }
}

using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Negative log-likelihood: the mean of -ln(probability given to the true class), in nats, overall and per class. 0 is perfect.
/// </summary>
/// <remarks>
/// If a true class was given probability 0, the mean would be infinite and hide everything else. Such a row counts with
/// <see cref="SmallestProbability"/> instead (a loss of 87.3), and <see cref="ImpossibleRows"/> is the number of such rows. Other libraries
/// use another limit: ML.NET's LogLoss 1e-15 (34.5), scikit-learn's log_loss the rounding of the probabilities' type (36.0 for double).
/// Good, "Rational Decisions" (1952).
/// </remarks>
public sealed class LogLoss
{
    /// <summary>The lowest probability whose logarithm the library takes: <see cref="Probabilities.Smallest"/>.</summary>
    public const float SmallestProbability = Probabilities.Smallest;

    private readonly CompensatedSum[] _losses;
    private readonly CompensatedSum[] _weights;
    private MeanError _error;

    internal LogLoss(int classCount)
    {
        _losses = new CompensatedSum[classCount];
        _weights = new CompensatedSum[classCount];
    }

    /// <summary>Rows whose true class was given probability 0 (or less than <see cref="SmallestProbability"/>).</summary>
    public long ImpossibleRows { get; private set; }

    /// <summary>The mean loss over all rows; NaN if no row has weight.</summary>
    public double Mean => CompensatedSum.Total(_losses) / CompensatedSum.Total(_weights);

    /// <summary>The standard error of <see cref="Mean"/>; NaN for fewer than two rows.</summary>
    public double StandardError => _error.StandardError(Mean, CompensatedSum.Total(_weights));

    /// <summary>The entropy of the class frequencies: the log-loss of a model that always predicts these frequencies.</summary>
    public double PriorEntropy
    {
        get
        {
            var total = CompensatedSum.Total(_weights);
            var entropy = 0.0;
            foreach (var weight in _weights)
            {
                var share = weight.Value / total;
                entropy -= share == 0 ? 0 : share * Math.Log(share);
            }

            return entropy;
        }
    }

    /// <summary>
    /// The relative reduction of <see cref="PriorEntropy"/> by the model, (prior - loss) / prior, like ML.NET's LogLossReduction: 1 is
    /// perfect, 0 is no better than the class frequencies, negative is worse. NaN or negative infinity if all rows are of one class.
    /// </summary>
    public double Reduction
    {
        get
        {
            var prior = PriorEntropy;
            return (prior - Mean) / prior;
        }
    }

    /// <summary>Computes the loss of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The loss, overall and per class.</returns>
    public static LogLoss Compute(ProbabilityBlock block) =>
        RowOutcome.Feed(block, new LogLoss(block.ClassCount), static (loss, rows) => loss.Add(rows));

    /// <summary>The mean loss over the rows that truly belong to a class.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The mean loss in nats; NaN if the class has no rows.</returns>
    public double OfClass(int label) => _losses[label].Value / _weights[label].Value;

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        Span<double> logarithms = stackalloc double[RowOutcome.BlockRows];
        for (; !outcomes.IsEmpty; outcomes = outcomes[Math.Min(RowOutcome.BlockRows, outcomes.Length)..])
        {
            var part = outcomes[..Math.Min(RowOutcome.BlockRows, outcomes.Length)];
            var logs = logarithms[..part.Length];
            for (var row = 0; row < part.Length; row++)
            {
                var probability = part[row].LabelProbability;
                if (probability < SmallestProbability)
                    ImpossibleRows++;
                // A probability may round to a little more than 1, but a loss is never negative.
                logs[row] = Math.Min(1f, Math.Max(SmallestProbability, probability));
            }

            TakeLogarithms(logs);
            // Sums in local variables stay in registers.
            var error = _error;
            for (var row = 0; row < part.Length; row++)
            {
                ref readonly var outcome = ref part[row];
                _losses[outcome.Label].Add(-logs[row] * outcome.Weight);
                _weights[outcome.Label].Add(outcome.Weight);
                error.Add(-logs[row], outcome.Weight);
            }

            _error = error;
        }
    }

    private static void TakeLogarithms(Span<double> values)
    {
        if (!VectorSupport.IsInterpreted)
        {
            TensorPrimitives.Log(values, values);
            return;
        }

        foreach (ref var value in values)
            value = Math.Log(value);
    }

    internal void Merge(LogLoss other)
    {
        CompensatedSum.Merge(_losses, other._losses);
        CompensatedSum.Merge(_weights, other._weights);
        _error.Merge(other._error);
        ImpossibleRows += other.ImpossibleRows;
    }

    internal void Transfer(StateTransfer state)
    {
        state.Sums<CompensatedSum>(_losses);
        state.Sums<CompensatedSum>(_weights);
        state.Sum(ref _error);
        ImpossibleRows = state.Count(ImpossibleRows);
    }
}

/// <summary>
/// The Brier score: the mean over rows of the sum over classes of (probability - [class is the true one])^2. 0 is perfect, 2 the worst.
/// </summary>
/// <remarks>
/// Brier, "Verification of forecasts expressed in terms of probability" (1950): the sum over all classes. For two classes it is therefore
/// twice the value of scikit-learn's brier_score_loss.
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
    public static BrierScore Compute(ProbabilityBlock block) =>
        RowOutcome.Feed(block, new BrierScore(), static (score, rows) => score.Add(rows));

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        // Sums in local variables stay in registers.
        var (errors, weights, error) = (_errors, _weights, _error);
        foreach (ref readonly var outcome in outcomes)
        {
            errors.Add(outcome.SquaredError * outcome.Weight);
            weights.Add(outcome.Weight);
            error.Add(outcome.SquaredError, outcome.Weight);
        }

        (_errors, _weights, _error) = (errors, weights, error);
    }

    internal void Merge(BrierScore other)
    {
        _errors.Merge(other._errors);
        _weights.Merge(other._weights);
        _error.Merge(other._error);
    }

    internal void Transfer(StateTransfer state)
    {
        state.Sum(ref _errors);
        state.Sum(ref _weights);
        state.Sum(ref _error);
    }
}

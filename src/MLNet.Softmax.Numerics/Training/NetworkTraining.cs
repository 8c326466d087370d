using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>How the network is trained. The trainer's options have checked every value.</summary>
internal sealed record TrainingSchedule(
    int[] HiddenLayers, int EpochCount, int BatchSize, float LearningRate, int Patience, bool StandardizeFeatures);

/// <summary>The losses of one epoch, which is counted from 1. Those of the validation rows are null if there are none.</summary>
internal readonly record struct EpochLosses(int Epoch, double TrainingLoss, double? ValidationLoss, double? ValidationAccuracy);

/// <summary>Mini-batch training with Adam: a new order of the rows every epoch, all randomness from one seed, one thread.</summary>
internal sealed class NetworkTraining(
    TrainingSchedule schedule, TrainingObjective objective, Action<EpochLosses>? report, CancellationToken cancellationToken)
{
    /// <summary>
    /// Trains on <paramref name="training"/>. With rows in <paramref name="validation"/> it stops early and returns the parameters of the
    /// epoch that had the lowest loss on them. The same input gives the same bits on the same processor.
    /// </summary>
    /// <remarks>The features of both sets are standardised in place: the caller hands them over.</remarks>
    /// <exception cref="InvalidOperationException">The loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; checked before each epoch.</exception>
    public PerceptronNetwork Run(LabelledRows training, LabelledRows validation, int classCount, Random random)
    {
        var shape = new NetworkShape([training.Features[0].Length, .. schedule.HiddenLayers, classCount]);
        var standardization = schedule.StandardizeFeatures
            ? FeatureStandardization.Fit(training)
            : FeatureStandardization.None(shape.FeatureCount);
        foreach (var row in training.Features.Concat(validation.Features))
            standardization.Apply(row, row);

        var parameters = shape.InitialParameters(random);
        var stopping = new EarlyStopping(schedule.Patience);
        var epochs = new EpochRunner(shape, objective, schedule, training, random);
        for (var epoch = 1; epoch <= schedule.EpochCount; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var trainingLoss = epochs.Run(parameters);
            if (!double.IsFinite(trainingLoss))
                throw Diverged(epoch, trainingLoss);

            if (validation.Count == 0)
            {
                report?.Invoke(new EpochLosses(epoch, trainingLoss, null, null));
                continue;
            }

            var (validationLoss, accuracy) = Measure(shape, parameters, validation);
            if (!double.IsFinite(validationLoss))
                throw Diverged(epoch, validationLoss);
            report?.Invoke(new EpochLosses(epoch, trainingLoss, validationLoss, accuracy));
            if (stopping.ShouldStop(epoch, validationLoss, parameters))
                break;
        }

        if (stopping.BestEpoch > 0)
            parameters = stopping.BestParameters.ToArray();
        // The last step has not been measured by any loss.
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(parameters)))
            throw Diverged(schedule.EpochCount, double.NaN);
        return new PerceptronNetwork(shape, standardization, parameters);
    }

    /// <summary>The weighted mean loss without the penalty, and the weighted share of right answers, on standardised rows.</summary>
    private (double Loss, double Accuracy) Measure(NetworkShape shape, float[] parameters, LabelledRows rows)
    {
        var network = new PerceptronNetwork(shape, FeatureStandardization.None(shape.FeatureCount), parameters);
        var scratch = new PerceptronNetwork.Scratch(shape);
        var logits = new float[shape.ClassCount];
        double loss = 0, lossWeight = 0, right = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            var (label, weight) = (rows.Labels[row], (double)rows.WeightOf(row));
            network.Score(rows.Features[row], logits, scratch);
            var total = CrossEntropy.Rows(logits, logits.Length, [label], objective.CrossEntropy);
            loss += weight * total.Loss;
            lossWeight += weight * total.Weight;
            right += ArgMax.Compute(logits) == label ? weight : 0;
        }

        return (lossWeight == 0 ? 0 : loss / lossWeight, right / rows.TotalWeight());
    }

    private InvalidOperationException Diverged(int epoch, double loss) => new(
        $"Training diverged: the loss of epoch {epoch} is {loss}. A learning rate below {schedule.LearningRate} or standardised features help.");
}

/// <summary>One pass over the training rows in a new random order, an Adam step per mini-batch.</summary>
internal sealed class EpochRunner
{
    private readonly LabelledRows _rows;
    private readonly int _batchSize;
    private readonly Random _random;
    private readonly int[] _order;
    private readonly float[] _gradient;
    private readonly Backpropagation _backpropagation;
    private readonly AdamOptimizer _optimizer;

    public EpochRunner(NetworkShape shape, TrainingObjective objective, TrainingSchedule schedule, LabelledRows rows, Random random)
    {
        (_rows, _random) = (rows, random);
        _batchSize = Math.Min(schedule.BatchSize, rows.Count);
        _order = [.. Enumerable.Range(0, rows.Count)];
        _gradient = new float[shape.ParameterCount];
        _backpropagation = new Backpropagation(shape, objective, _batchSize);
        _optimizer = new AdamOptimizer(shape.ParameterCount, schedule.LearningRate);
    }

    /// <summary>Moves the parameters and returns the mean of the batches' objectives, each batch counted by the weight of its rows.</summary>
    public double Run(Span<float> parameters)
    {
        _random.Shuffle(_order);
        double sum = 0, totalWeight = 0;
        for (var start = 0; start < _order.Length; start += _batchSize)
        {
            var batch = _order.AsSpan(start, Math.Min(_batchSize, _order.Length - start));
            var weight = WeightOf(batch);
            sum += _backpropagation.Compute(parameters, _rows, batch, _gradient) * weight;
            totalWeight += weight;
            _optimizer.Step(_gradient, parameters);
        }

        return sum / totalWeight;
    }

    private double WeightOf(ReadOnlySpan<int> batch)
    {
        if (_rows.Weights is null)
            return batch.Length;
        double weight = 0;
        foreach (var row in batch)
            weight += _rows.WeightOf(row);
        return weight;
    }
}

/// <summary>Remembers the parameters with the lowest validation loss, and says when it has not fallen for so many epochs.</summary>
internal sealed class EarlyStopping(int patience)
{
    private float[] _bestParameters = [];
    private int _epochsSinceBest;

    public int BestEpoch { get; private set; }

    public double BestLoss { get; private set; } = double.PositiveInfinity;

    public ReadOnlySpan<float> BestParameters => _bestParameters;

    /// <summary>Notes an epoch's validation loss; true when training should stop.</summary>
    public bool ShouldStop(int epoch, double validationLoss, ReadOnlySpan<float> parameters)
    {
        if (validationLoss < BestLoss)
        {
            (BestLoss, BestEpoch, _epochsSinceBest) = (validationLoss, epoch, 0);
            _bestParameters = parameters.ToArray();
            return false;
        }

        return ++_epochsSinceBest >= patience;
    }
}

using System.Numerics.Tensors;
using MLNet.Softmax.Numerics.Kernels;

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
    /// <remarks>The features of both sets are standardised in place: the caller must not use them afterwards.</remarks>
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
        float[]? best = null;
        var (lowest, epochsSinceBest) = (double.PositiveInfinity, 0);
        var epochs = new EpochRunner(shape, objective, schedule, training, random);
        for (var epoch = 1; epoch <= schedule.EpochCount; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var trainingLoss = epochs.Run(parameters);
            if (!double.IsFinite(trainingLoss))
                throw Diverged(epoch, trainingLoss);

            (double Loss, double Accuracy)? measured = validation.Count == 0 ? null : Measure(shape, parameters, validation);
            if (measured is { } at && !double.IsFinite(at.Loss))
                throw Diverged(epoch, at.Loss);
            report?.Invoke(new EpochLosses(epoch, trainingLoss, measured?.Loss, measured?.Accuracy));
            if (measured?.Loss < lowest)
                (lowest, best, epochsSinceBest) = (measured.Value.Loss, [.. parameters], 0);
            else if (measured is not null && ++epochsSinceBest >= schedule.Patience)
                break;
        }

        parameters = best ?? parameters;
        // No loss has been computed after the last step.
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(parameters)))
            throw Diverged(schedule.EpochCount, double.NaN);
        return new PerceptronNetwork(shape, standardization, parameters);
    }

    /// <summary>The weighted mean loss without the penalty, and the weighted share of right predictions, on standardised rows.</summary>
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

    private InvalidOperationException Diverged(int epoch, double loss) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Training diverged: the loss of epoch {epoch} is {loss}. "
        + $"A learning rate below {schedule.LearningRate} or standardised features help."));
}

/// <summary>One pass over the training rows in a new random order, an Adam step per mini-batch.</summary>
internal sealed class EpochRunner(
    NetworkShape shape, TrainingObjective objective, TrainingSchedule schedule, LabelledRows rows, Random random)
{
    private readonly int _batchSize = Math.Min(schedule.BatchSize, rows.Count);
    private readonly int[] _order = [.. Enumerable.Range(0, rows.Count)];
    private readonly float[] _gradient = new float[shape.ParameterCount];
    private readonly Backpropagation _backpropagation = new(shape, objective, Math.Min(schedule.BatchSize, rows.Count));
    private readonly AdamOptimizer _optimizer = new(shape.ParameterCount, schedule.LearningRate);

    /// <summary>Moves the parameters and returns the mean of the batches' objectives, weighted by the weight of their rows.</summary>
    public double Run(Span<float> parameters)
    {
        random.Shuffle(_order);
        double sum = 0, totalWeight = 0;
        for (var start = 0; start < _order.Length; start += _batchSize)
        {
            var batch = _order.AsSpan(start, Math.Min(_batchSize, _order.Length - start));
            var weight = 0.0;
            foreach (var row in batch)
                weight += rows.WeightOf(row);
            sum += _backpropagation.Compute(parameters, rows, batch, _gradient) * weight;
            totalWeight += weight;
            _optimizer.Step(_gradient, parameters);
        }

        return sum / totalWeight;
    }
}

/// <summary>
/// Adam (Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1, in the arrangement of its section 2 that folds
/// the bias corrections into the step size): beta1 0.9, beta2 0.999, epsilon 1e-8.
/// </summary>
internal sealed class AdamOptimizer(int parameterCount, float learningRate)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const double Epsilon = 1e-8;

    private readonly float[] _firstMoments = new float[parameterCount];
    private readonly float[] _secondMoments = new float[parameterCount];
    private int _stepCount;

    /// <summary>Moves the parameters one step against the gradient.</summary>
    [MethodImpl(Hot.Loop)]
    public void Step(ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        _stepCount++;
        var secondCorrection = Math.Sqrt(1 - Math.Pow(Beta2, _stepCount));
        var stepSize = (float)(learningRate * secondCorrection / (1 - Math.Pow(Beta1, _stepCount)));
        var epsilon = (float)(Epsilon * secondCorrection);

        var index = 0;
        for (; index <= parameters.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var slope = Vector512.Create(gradient[index..]);
            var first = Beta1 * Vector512.Create(_firstMoments, index) + (1 - Beta1) * slope;
            var second = Beta2 * Vector512.Create(_secondMoments, index) + (1 - Beta2) * slope * slope;
            first.CopyTo(_firstMoments, index);
            second.CopyTo(_secondMoments, index);
            var step = stepSize * first / (Vector512.Sqrt(second) + Vector512.Create(epsilon));
            (Vector512.Create<float>(parameters[index..]) - step).CopyTo(parameters[index..]);
        }

        for (; index < parameters.Length; index++)
        {
            var slope = gradient[index];
            var first = _firstMoments[index] = Beta1 * _firstMoments[index] + (1 - Beta1) * slope;
            var second = _secondMoments[index] = Beta2 * _secondMoments[index] + (1 - Beta2) * slope * slope;
            parameters[index] -= stepSize * first / (MathF.Sqrt(second) + epsilon);
        }
    }
}

using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>How the network is trained; every value has been checked by the trainer's options.</summary>
internal sealed record TrainingSchedule(
    int[] HiddenLayers, int EpochCount, int BatchSize, float LearningRate, int Patience, bool StandardizeFeatures);

/// <summary>Mini-batch training with Adam: a new order of the rows every epoch, all randomness from one seed, one thread.</summary>
internal sealed class NetworkTraining(
    TrainingSchedule schedule, TrainingObjective objective, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>
    /// Trains on <paramref name="training"/>; with rows in <paramref name="validation"/> it stops early and returns the epoch's
    /// parameters that had the lowest loss on them. The same input gives the same bits on the same processor.
    /// </summary>
    /// <remarks>The features of both sets are standardised in place: the caller hands them over.</remarks>
    /// <exception cref="InvalidOperationException">The loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; seen after each epoch.</exception>
    public PerceptronNetwork Run(LabelledRows training, LabelledRows validation, int classCount, Random random)
    {
        var shape = new NetworkShape([training.Features[0].Length, .. schedule.HiddenLayers, classCount]);
        var standardization = schedule.StandardizeFeatures
            ? FeatureStandardization.Fit(training.Features)
            : FeatureStandardization.None(shape.FeatureCount);
        foreach (var row in training.Features.Concat(validation.Features))
            standardization.Apply(row, row);

        var parameters = WeightInitialization.Create(shape, random);
        var stopping = new EarlyStopping(schedule.Patience);
        var judge = new NetworkLoss(shape, objective);
        var epochs = new EpochRunner(shape, objective, schedule, training, random);
        for (var epoch = 1; epoch <= schedule.EpochCount; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var trainingLoss = epochs.Run(parameters);
            if (!double.IsFinite(trainingLoss))
                throw Diverged(epoch, trainingLoss);

            if (validation.Count == 0)
            {
                progress?.Report(new TrainingProgress(epoch, schedule.EpochCount, trainingLoss, null, null));
                continue;
            }

            var (validationLoss, accuracy) = judge.Measure(parameters, validation);
            if (!double.IsFinite(validationLoss))
                throw Diverged(epoch, validationLoss);
            progress?.Report(new TrainingProgress(epoch, schedule.EpochCount, trainingLoss, validationLoss, accuracy));
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

    private InvalidOperationException Diverged(int epoch, double loss) => new(
        $"Training diverged: the loss of epoch {epoch} is {loss}. A learning rate below {schedule.LearningRate} or standardised features help.");
}

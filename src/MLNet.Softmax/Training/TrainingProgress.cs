namespace MLNet.Softmax.Training;

/// <summary>What a trainer reports after each epoch.</summary>
/// <param name="Epoch">The epoch that just ended, counted from 1.</param>
/// <param name="EpochCount">The requested number of epochs; early stopping may end before it.</param>
/// <param name="TrainingLoss">The mean objective over the epoch's mini-batches, each measured before its step: cross-entropy in nats, plus the L2 penalty.</param>
/// <param name="ValidationLoss">The mean cross-entropy over the validation rows after the epoch, in nats; null without validation rows.</param>
/// <param name="ValidationAccuracy">The share of validation rows whose label has the highest score, 0 to 1; null without validation rows.</param>
public sealed record TrainingProgress(int Epoch, int EpochCount, double TrainingLoss, double? ValidationLoss, double? ValidationAccuracy);

using System.Runtime.CompilerServices;
using System.Text;
using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Training;

/// <summary>All settings of <see cref="MultilayerPerceptronTrainer"/>. The values are checked when the trainer is created.</summary>
public sealed class MultilayerPerceptronOptions
{
    /// <summary>The label: a key column of known count, as <c>MapValueToKey</c> outputs it. Default "Label".</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The features: a <see cref="float"/> vector of known size. Default "Features".</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>
    /// The weight of each row in the loss: a <see cref="float"/> column, finite and at least 0. A row of weight 0 is left out. Default
    /// null: every row counts 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// The units of each hidden layer, from the features on, each at least 1. Empty: softmax regression. Default one layer of 64.
    /// </summary>
    public IReadOnlyList<int> HiddenLayers { get; set; } = [64];

    /// <summary>How many times training uses every row, at least 1; early stopping may end sooner. Default 100.</summary>
    public int EpochCount { get; set; } = 100;

    /// <summary>The rows of one step, at least 1. Default 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Adam's step size, above 0. Default 0.001.</summary>
    public float LearningRate { get; set; } = 0.001f;

    /// <summary>
    /// The strength of L2 / 2 times the sum of squared weights, which is added to each batch's mean loss, at least 0. Default 0.0001.
    /// </summary>
    public float L2Regularization { get; set; } = 1e-4f;

    /// <summary>The share of each label that is spread evenly over all classes (Szegedy et al. 2016), in [0, 1). Default 0.</summary>
    public float LabelSmoothing { get; set; }

    /// <summary>
    /// One weight per class in the order of the label's keys, finite and at least 0, not all 0. Default null: equal weights.
    /// </summary>
    public IReadOnlyList<float>? ClassWeights { get; set; }

    /// <summary>
    /// Whether to weight each class by rows / (classes x rows of the class), so that rare classes count as much as others; with example
    /// weights, by their sums. Cannot be combined with <see cref="ClassWeights"/>.
    /// </summary>
    public bool BalanceClasses { get; set; }

    /// <summary>
    /// The share of each class's rows that is held out to stop early, in [0, 1). 0, the default: train on every row for every epoch.
    /// </summary>
    public float ValidationShare { get; set; }

    /// <summary>How many epochs without a lower validation loss end the training, at least 1. Default 10.</summary>
    public int Patience { get; set; } = 10;

    /// <summary>
    /// Whether the model scales each feature to mean 0 and standard deviation 1. Constant features are then ignored. Default true.
    /// </summary>
    public bool StandardizeFeatures { get; set; } = true;

    /// <summary>
    /// The seed of the starting weights, the order of the rows and the validation share. Default null: drawn from the MLContext, and so
    /// from its seed.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>Called after each epoch, on the thread that trains. MLContext.Log receives the same figures in any case.</summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Ends the training between two epochs with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>A copy, which later changes do not affect.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    internal MultilayerPerceptronOptions CheckedCopy()
    {
        CheckValues();
        var copy = (MultilayerPerceptronOptions)MemberwiseClone();
        copy.HiddenLayers = [.. HiddenLayers];
        copy.ClassWeights = ClassWeights is null ? null : [.. ClassWeights];
        return copy;
    }

    private void CheckValues()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(LabelColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(FeatureColumnName);
        if (ExampleWeightColumnName is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(ExampleWeightColumnName);
        ArgumentNullException.ThrowIfNull(HiddenLayers);
        foreach (var units in HiddenLayers)
            ArgumentOutOfRangeException.ThrowIfLessThan(units, 1, nameof(HiddenLayers));
        ArgumentOutOfRangeException.ThrowIfLessThan(EpochCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        const float infinity = float.PositiveInfinity;
        Check(LearningRate is > 0 and < infinity, LearningRate, "The learning rate must be finite and above 0.");
        Check(L2Regularization is >= 0 and < infinity, L2Regularization, "The L2 strength must be finite and at least 0.");
        Check(LabelSmoothing is >= 0 and < 1, LabelSmoothing, "Label smoothing must be at least 0 and below 1.");
        Check(ValidationShare is >= 0 and < 1, ValidationShare, "The validation share must be at least 0 and below 1.");
        if (ClassWeights is null)
            return;
        if (BalanceClasses)
            throw new ArgumentException($"Set either {nameof(ClassWeights)} or {nameof(BalanceClasses)}, not both.", nameof(ClassWeights));
        foreach (var weight in ClassWeights)
            Check(weight is >= 0 and < infinity, weight, "Class weights must be finite and at least 0.", nameof(ClassWeights));
        if (ClassWeights.All(weight => weight == 0))
            throw new ArgumentException("Every class weight is 0; at least one must be above it.", nameof(ClassWeights));

        static void Check(bool holds, float value, string expected, [CallerArgumentExpression(nameof(value))] string name = "")
        {
            if (!holds) throw new ArgumentOutOfRangeException(name, value, expected);
        }
    }

    /// <exception cref="ArgumentException">There are class weights, but not one for each class.</exception>
    internal void CheckClassCount(int classCount)
    {
        if (ClassWeights is not null && ClassWeights.Count != classCount)
        {
            throw new ArgumentException(
                $"There are {ClassWeights.Count} class weights, but column '{LabelColumnName}' has {classCount} classes; one weight "
                + "per class is expected.");
        }
    }

    internal TrainingSchedule CreateSchedule() =>
        new([.. HiddenLayers], EpochCount, BatchSize, LearningRate, Patience, StandardizeFeatures);

    /// <param name="totals">The total weight of each class's rows.</param>
    internal TrainingObjective CreateObjective(double[] totals) => new(L2Regularization, LabelSmoothing, BalanceClasses
        ? Array.ConvertAll(totals, total => total == 0 ? 0f : (float)(totals.Sum() / (totals.Length * total)))
        : [.. ClassWeights ?? []]);
}

/// <summary>What a trainer reports after each epoch.</summary>
/// <param name="Epoch">The epoch that just ended, counted from 1.</param>
/// <param name="EpochCount">The requested number of epochs; early stopping may end before it.</param>
/// <param name="TrainingLoss">
/// The mean objective over the epoch's mini-batches, each measured before its step: cross-entropy in nats, plus the L2 penalty.
/// </param>
/// <param name="ValidationLoss">
/// The mean cross-entropy over the validation rows after the epoch, in nats; null without validation rows.
/// </param>
/// <param name="ValidationAccuracy">
/// The share of validation rows whose label has the highest score, 0 to 1; null without validation rows.
/// </param>
public sealed record TrainingProgress(int Epoch, int EpochCount, double TrainingLoss, double? ValidationLoss, double? ValidationAccuracy)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Epoch = {Epoch}, EpochCount = {EpochCount}, TrainingLoss = {TrainingLoss}, "
            + $"ValidationLoss = {ValidationLoss}, ValidationAccuracy = {ValidationAccuracy}");
        return true;
    }
}

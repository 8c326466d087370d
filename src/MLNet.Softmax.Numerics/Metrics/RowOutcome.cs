namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// What a row of probabilities came to, in 32 bytes whatever the number of classes. Every metric but the classwise
/// calibration error and the ROC AUC can be computed from these alone, once or, as the bootstrap does, a thousand times.
/// </summary>
/// <param name="Label">The true class, 0-based.</param>
/// <param name="Predicted">The most probable class; the lowest index of several that tie.</param>
/// <param name="Rank">How many classes stand before the true one when sorted by falling probability, ties to the lower index; 0 when the
/// prediction is right.</param>
/// <param name="LabelProbability">The probability given to the true class.</param>
/// <param name="TopProbability">The probability given to the predicted class: the confidence of the row.</param>
/// <param name="Weight">What the row counts for; 1 where there are no weights.</param>
/// <param name="SquaredError">The sum over all classes of (probability - [class is the true one])^2, from 0 to 2.</param>
public readonly record struct RowOutcome(
    int Label, int Predicted, int Rank, float LabelProbability, float TopProbability, float Weight, double SquaredError)
{
    /// <summary>Whether the most probable class is the true one.</summary>
    public bool IsCorrect => Label == Predicted;

    /// <summary>The weight of the row where the prediction is right, else 0.</summary>
    internal float CorrectWeight => Label == Predicted ? Weight : 0f;
}

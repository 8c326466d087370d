using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Labels;
using MLNet.Softmax.Numerics;

namespace MLNet.Softmax.Training;

/// <summary>Judges parameters on rows that are already standardised: the mean loss without the penalty, and the share of right answers.</summary>
internal sealed class NetworkLoss(NetworkShape shape, TrainingObjective objective)
{
    private readonly PerceptronNetwork.Scratch _scratch = new(shape);
    private readonly float[] _logits = new float[shape.ClassCount];

    public (double Loss, double Accuracy) Measure(float[] parameters, LabelledRows rows)
    {
        var network = new PerceptronNetwork(shape, FeatureStandardization.None(shape.FeatureCount), parameters);
        var total = default(CrossEntropyTotal);
        var right = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            network.Score(rows.Features[row], _logits, _scratch);
            total += CrossEntropy.Rows(_logits, _logits.Length, [rows.Labels[row]], objective.CrossEntropy);
            right += ArgMax.Compute(_logits) == rows.Labels[row] ? 1 : 0;
        }

        return (total.Weight == 0 ? 0 : total.Mean, right / (double)rows.Count);
    }
}

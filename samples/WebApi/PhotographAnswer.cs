using HotDog;

namespace WebApi;

/// <summary>What the model says about a photograph.</summary>
/// <param name="Decision">The class at the model's threshold, which need not be the most probable one.</param>
/// <param name="Thresholds">The probability from which each class that has a threshold is decided for.</param>
/// <param name="Top">The most probable classes, the first one first.</param>
/// <param name="PredictionSet">Labels that contain the true one for nine photographs in ten.</param>
/// <param name="Probabilities">The probability of each class.</param>
internal sealed record PhotographAnswer(
    string Decision,
    IReadOnlyDictionary<string, float> Thresholds,
    string[] Top,
    string[] PredictionSet,
    IReadOnlyDictionary<string, float> Probabilities)
{
    public PhotographAnswer(Answer answer, IReadOnlyDictionary<string, float> thresholds, int top)
        : this(
            answer.PredictedLabel, thresholds, [.. answer.TopLabels.Take(top)], answer.PredictionSet,
            answer.TopLabels.Zip(answer.TopScores).ToDictionary(pair => pair.First, pair => pair.Second))
    {
    }
}

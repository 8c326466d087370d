using MulticlassEvaluation.Scores;

namespace MulticlassEvaluation;

/// <summary>What the command line asks for.</summary>
/// <param name="Report">Where the report goes.</param>
/// <param name="Seed">What the pictures, the training and the comparison follow from.</param>
/// <param name="Pictures">How many pictures to train on; half as many are
/// held out for the temperature, and as many again to evaluate on.</param>
/// <param name="Scores">The file to evaluate instead of the pictures; null for the pictures.</param>
internal sealed record EvaluationSettings(string Report, int Seed, int Pictures, ScoreFileSettings? Scores);

using Microsoft.ML;

namespace MulticlassEvaluation.Scores;

/// <summary>What the command line says about a file of scores.</summary>
/// <param name="Path">The file.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="ScoreKind">Logits or probabilities.</param>
/// <param name="CalibrateOn">The share of the rows, from the top, that a
/// temperature is fitted on; the rest is evaluated. Null for none.</param>
/// <param name="IsStreaming">Whether to leave out all that needs memory for each row.</param>
/// <param name="ClassNames">Names for the classes, in the order of their columns; null for those of the columns.</param>
internal sealed record ScoreFileSettings(
    string Path, ScoreFileColumns Columns, ScoreKind ScoreKind, double? CalibrateOn, bool IsStreaming, IReadOnlyList<string>? ClassNames);

using System.Text.Json.Serialization;

namespace Playground.Work;

/// <summary>How a call of the worker ended: with a value, with the message of an error, or stopped by the user.</summary>
public sealed record Answer<T>(T? Value = default, string? Error = null);

/// <summary>The evaluation of all rows of a file.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Layout">How its columns were understood: the first line that the tool prints.</param>
/// <param name="Notes">What the reader of the figures should know.</param>
/// <param name="ClassNames">The name of each class.</param>
/// <param name="Rows">The number of rows that were used.</param>
/// <param name="Accuracy">The share of rows whose most probable class is the true one.</param>
/// <param name="MeanConfidence">The mean probability of the most probable class.</param>
/// <param name="Figures">The headline figures.</param>
/// <param name="Charts">Charts as SVG.</param>
/// <param name="Mistakes">The most confident mistakes.</param>
public sealed record FileEvaluation(
    string Name, string Layout, string[] Notes, string[] ClassNames, long Rows, double Accuracy, double MeanConfidence, Figure[] Figures,
    string[] Charts, Mistake[] Mistakes);

/// <summary>A figure as it is shown.</summary>
public sealed record Figure(string Name, string Value, string Note);

/// <summary>A wrong answer.</summary>
public sealed record Mistake(string Row, string Label, string Predicted, float Confidence, float LabelProbability);

/// <summary>A temperature fitted on the first half of the rows, and the second half before and after.</summary>
/// <param name="Description">The fit in a sentence.</param>
/// <param name="Rows">The number of rows that were evaluated.</param>
/// <param name="Before">The figures before.</param>
/// <param name="After">The figures after.</param>
/// <param name="Charts">The reliability diagrams before and after, as SVG.</param>
public sealed record CalibrationEvaluation(
    string Description, long Rows, CalibrationFigures Before, CalibrationFigures After, string[] Charts);

/// <summary>The figures that a temperature changes.</summary>
public sealed record CalibrationFigures(double MeanConfidence, double Accuracy, double LogLoss, double CalibrationError);

/// <summary>The figures at a threshold.</summary>
/// <param name="Precision">The share of the answers that are right; NaN if there are none.</param>
/// <param name="Recall">The share of the rows of the class (without one, of the right answers) that are answered.</param>
/// <param name="Coverage">The share of the rows that are answered.</param>
/// <param name="Cost">The mean cost of a row.</param>
/// <param name="Charts">The figures, and the cost, over all thresholds, as SVG.</param>
public sealed record ThresholdEvaluation(double Precision, double Recall, double Coverage, double Cost, string[] Charts);

/// <summary>A threshold and the costs of its errors.</summary>
/// <param name="PositiveClass">The class that the threshold is for; null for the lowest confidence that is answered.</param>
/// <param name="Threshold">From 0 to 1.</param>
/// <param name="FalsePositive">The cost of a row that is wrongly answered with the class.</param>
/// <param name="Missed">The cost of a row of the class that is not answered with it; without a class, of a row without an answer.</param>
public sealed record ThresholdQuestion(int? PositiveClass, float Threshold, double FalsePositive, double Missed);

/// <summary>What the user says about the columns of the file, by the names of the tool's options; empty to find it.</summary>
public sealed record FileOptions(
    string Label = "", string Scores = "", string Ignore = "", string RowId = "", string ClassNames = "", string ScoreKind = "auto");

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Answer<FileEvaluation>))]
[JsonSerializable(typeof(Answer<CalibrationEvaluation>))]
[JsonSerializable(typeof(Answer<ThresholdEvaluation>))]
[JsonSerializable(typeof(Answer<string>))]
[JsonSerializable(typeof(ThresholdQuestion))]
[JsonSerializable(typeof(FileOptions))]
internal sealed partial class AnswerJson : JsonSerializerContext;

using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax;

/// <summary>A row that the model got wrong while it was sure.</summary>
/// <param name="RowId">The row's number: what ML.NET's cursors give as its id (the low 64 bits), 0-based for most sources.</param>
/// <param name="RowName">The row's name, where a column of names was given.</param>
/// <param name="Label">The true class, 0-based.</param>
/// <param name="Predicted">The class given, 0-based.</param>
/// <param name="Confidence">The probability of the class given.</param>
/// <param name="LabelProbability">The probability of the true class.</param>
public sealed record ConfidentMistake(ulong RowId, string? RowName, int Label, int Predicted, float Confidence, float LabelProbability);

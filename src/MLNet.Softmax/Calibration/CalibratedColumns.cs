using Microsoft.ML;

namespace MLNet.Softmax;

/// <summary>What a fitted calibrator reads and adds.</summary>
internal readonly record struct CalibratedColumns(string Output, string Input, ScoreKind Kind);

using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Calibration;

/// <summary>What a fitted calibrator reads and adds.</summary>
internal readonly record struct CalibratedColumns(string Output, string Input, ScoreKind Kind);
